// beholder.h: version, errors, log, cancellation, engines and pictures.
#include "beholder/log.hpp"
#include "capi/edge.hpp"
#include "capi/handles.hpp"

using beholder::Engine;
using beholder::EngineOptions;
using beholder::ErrorCode;
using beholder::capi::check_given;
using beholder::capi::guarded;

namespace beholder::capi {
namespace {

struct LastError {
  beholder_code code = BEHOLDER_OK;
  char message[2048] = "";  // of its own size: a failure to allocate must be told too
};

LastError& last_error() noexcept {
  thread_local LastError error;
  return error;
}

}  // namespace

beholder_code remember(beholder_code code, const char* message) noexcept {
  LastError& error = last_error();
  error.code = code;
  std::strncpy(error.message, message, sizeof error.message - 1);
  return code;
}

}  // namespace beholder::capi

const char* beholder_version(void) { return BEHOLDER_VERSION; }

const char* beholder_last_error(void) { return beholder::capi::last_error().message; }

beholder_code beholder_last_error_code(void) { return beholder::capi::last_error().code; }

const char* beholder_code_name(beholder_code code) {
  return code == BEHOLDER_OK ? "ok" : beholder::error_code_name(static_cast<ErrorCode>(code));
}

beholder_code beholder_set_log(beholder_log_function function, void* user) {
  return guarded([&] {
    if (function == nullptr)
      beholder::set_log_callback({});
    else
      beholder::set_log_callback([=](beholder::LogLevel level, const std::string& message) {
        function(static_cast<int>(level), message.c_str(), user);
      });
  });
}

beholder_cancel* beholder_cancel_new(void) { return new (std::nothrow) beholder_cancel; }

void beholder_cancel_set(beholder_cancel* cancel, int stop) {
  if (cancel != nullptr) cancel->stop = stop != 0;
}

void beholder_cancel_free(beholder_cancel* cancel) { delete cancel; }

beholder_engine_options beholder_engine_options_default(void) {
  const beholder::EngineOptions defaults;
  return {sizeof(beholder_engine_options),
          defaults.threads,
          defaults.int8,
          defaults.mirror,
          defaults.max_pixels,
          defaults.cache_bytes,
          static_cast<beholder_color_management>(defaults.color_management)};
}

beholder_code beholder_engine_load(const char* model_dir, const beholder_engine_options* options,
                                   beholder_engine** engine) {
  return guarded([&] {
    check_given({{model_dir, "model_dir"}}, engine, "engine");
    const auto given = beholder::capi::read_options(options, beholder_engine_options_default());
    EngineOptions wanted;
    wanted.threads = given.threads;
    wanted.int8 = given.int8 != 0;
    wanted.mirror = given.mirror != 0;
    wanted.max_pixels = given.max_pixels;
    wanted.cache_bytes = given.cache_bytes;
    beholder::check(given.color_management >= BEHOLDER_COLOR_AUTO &&
                        given.color_management <= BEHOLDER_COLOR_OFF,
                    ErrorCode::kUsage, "color_management is ",
                    static_cast<int>(given.color_management),
                    "; expected one of BEHOLDER_COLOR_AUTO, _ON, _OFF");
    wanted.color_management = static_cast<beholder::ColorManagement>(given.color_management);
    *engine = new beholder_engine{Engine::load(model_dir, wanted)};
  });
}

void beholder_engine_free(beholder_engine* engine) { delete engine; }

int beholder_engine_can(const beholder_engine* engine, beholder_skill skill) {
  return engine != nullptr && engine->engine.can(static_cast<beholder::Skill>(skill)) ? 1 : 0;
}

double beholder_engine_min_confidence(const beholder_engine* engine) {
  double out = -1;
  guarded([&] {
    check_given(engine, "engine");
    out = engine->engine.info().default_min_confidence;
  });
  return out;
}

double beholder_engine_min_description_confidence(const beholder_engine* engine) {
  double out = -1;
  guarded([&] {
    check_given(engine, "engine");
    out = engine->engine.info().default_min_description_confidence;
  });
  return out;
}

beholder_code beholder_encode_file(const beholder_engine* engine, const char* path,
                                   beholder_picture** picture) {
  return guarded([&] {
    check_given({{engine, "engine"}, {path, "path"}}, picture, "picture");
    *picture = new beholder_picture{engine->engine.encode(std::filesystem::path(path))};
  });
}

beholder_code beholder_encode_bytes(const beholder_engine* engine, const void* bytes, size_t size,
                                    const char* name, beholder_picture** picture) {
  return guarded([&] {
    check_given({{engine, "engine"}, {bytes, "bytes"}}, picture, "picture");
    *picture = new beholder_picture{engine->engine.encode(static_cast<const std::uint8_t*>(bytes),
                                                          size, name ? name : "picture")};
  });
}

beholder_code beholder_encode_rgb(const beholder_engine* engine, const uint8_t* rgb, int width,
                                  int height, beholder_picture** picture) {
  return guarded([&] {
    check_given({{engine, "engine"}}, picture, "picture");
    *picture = new beholder_picture{engine->engine.encode_rgb(rgb, width, height)};
  });
}

int beholder_picture_width(const beholder_picture* picture) {
  return picture ? picture->picture.width() : 0;
}

int beholder_picture_height(const beholder_picture* picture) {
  return picture ? picture->picture.height() : 0;
}

void beholder_picture_free(beholder_picture* picture) { delete picture; }
