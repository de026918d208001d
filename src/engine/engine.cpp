// Loading, and what is asked of a model: options are checked here, and computing waits its turn.
#include "beholder/engine.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>

#include "core/cancel.hpp"
#include "core/check.hpp"
#include "core/log.hpp"
#include "core/stopwatch.hpp"
#include "core/text_lines.hpp"
#include "engine/check_options.hpp"
#include "engine/engine_impl.hpp"
#include "models/registry.hpp"
#include "nn/tensor_pool.hpp"

namespace beholder {
namespace {

using engine::ComputeGate;
using models::Request;

int threads_of(const EngineOptions& options) {
  check(options.threads >= 0, ErrorCode::kUsage, "threads is ", options.threads,
        "; it must be 0 (all cores) or more");
  if (options.threads > 0) return options.threads;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

const models::EncodedPicture& encoded(const Picture& picture, const char* otherwise) {
  check(static_cast<bool>(picture), ErrorCode::kUsage, otherwise);
  return *picture.encoded();
}

/// What the model left open of the times.
void add_timing(const Picture& picture, Timing& out) {
  out.decode = picture.timing().decode;
  out.vision = picture.timing().vision;
}

constexpr const char* kNoObjects = "objects are found in a picture; give one";

/// One result for each picture, by a function of the encoded picture.
/// @param otherwise what is wrong with no picture
template <typename Result, typename Options, typename Find>
std::vector<Result> each(engine::ComputeGate& gate, const std::vector<Picture>& pictures,
                         const Options& options, const char* otherwise, const Find& find) {
  engine::check_options(options);
  const ComputeGate::Place place(gate);
  std::vector<Result> out;
  for (const Picture& picture : pictures) {
    check_cancelled(options.cancel);
    Stopwatch watch;
    out.push_back(find(encoded(picture, otherwise)));
    out.back().timing.fusion = watch.lap();
    add_timing(picture, out.back().timing);
  }
  return out;
}

}  // namespace

Engine::Impl::Impl(const std::filesystem::path& model_dir,
                   std::shared_ptr<const models::Model> given, const EngineOptions& engine_options)
    : directory(model_dir),
      options(engine_options),
      gate(threads_of(engine_options)),
      cache(engine_options.cache_bytes),
      model(std::move(given)) {
  nn::install_tensor_pool();
  // What ATen gives to threads that it has not seen; each call then sets its own.
  at::set_num_threads(gate.threads());
  const ComputeGate::Place place(gate);
  if (model == nullptr) model = models::family_of(model_dir).load(model_dir, options);
  info = model->info();
  info.directory = model_dir.string();
  if (options.color_management != ColorManagement::kAuto)
    info.color_management = options.color_management == ColorManagement::kOn;
}

bool Engine::Impl::can(Skill skill) const {
  return std::find(info.skills.begin(), info.skills.end(), skill) != info.skills.end();
}

void Engine::Impl::require(Skill skill, const char* what) const {
  if (!can(skill)) model->cannot(what);
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Engine Engine::load(const std::filesystem::path& model_dir, const EngineOptions& options) {
  Stopwatch watch;
  auto impl = std::make_unique<Impl>(model_dir, nullptr, options);
  log(LogLevel::kInfo, "loaded ", model_dir.string(), " in ", watch.lap(), " ms, ",
      impl->gate.threads(), " threads");
  return Engine(std::move(impl));
}

Engine engine::engine_over(std::shared_ptr<const models::Model> model,
                           const EngineOptions& options) {
  const std::filesystem::path directory = model->directory();
  return Engine(std::make_unique<Engine::Impl>(directory, std::move(model), options));
}

ModelInfo Engine::info() const { return impl_->info; }
bool Engine::can(Skill skill) const { return impl_->can(skill); }

std::vector<Answer> Engine::answer(const std::vector<Picture>& pictures,
                                   const std::vector<std::string>& questions,
                                   const AnswerOptions& options) const {
  check(pictures.size() == questions.size(), ErrorCode::kUsage, pictures.size(), " pictures and ",
        questions.size(), " questions; give one question for each picture");
  engine::check_options(options, impl_->info);
  check(options.method != Method::kProgram || can(Skill::kExplain), ErrorCode::kUnsupported,
        impl_->directory.string(), ": this model writes no programs; leave the method open");
  check(options.method != Method::kRead || can(Skill::kRead), ErrorCode::kUnsupported,
        impl_->directory.string(), ": this model cannot read; leave the method open");
  impl_->require(Skill::kAnswer, "answer questions");
  std::vector<Request> requests;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    requests.push_back({pictures[i].encoded().get(), questions[i]});
  const ComputeGate::Place place(impl_->gate);
  std::vector<Answer> out = impl_->model->answer(requests, options);
  for (std::size_t i = 0; i < out.size(); ++i) add_timing(pictures[i], out[i].timing);
  return out;
}

Answer Engine::answer(const Picture& picture, const std::string& question,
                      const AnswerOptions& options) const {
  return answer(std::vector{picture}, std::vector{question}, options).front();
}

Explanation Engine::explain(const Picture& picture, const std::string& question,
                            const AnswerOptions& options) const {
  engine::check_options(options, impl_->info);
  impl_->require(Skill::kExplain, "give explanations");
  const Request request{&encoded(picture, "an answer is explained by a picture"), question};
  const ComputeGate::Place place(impl_->gate);
  Explanation out = impl_->model->explain(request, options);
  add_timing(picture, out.answer.timing);
  return out;
}

std::vector<Descriptions> Engine::describe(const std::vector<Picture>& pictures,
                                           const DescribeOptions& options) const {
  engine::check_options(options, impl_->info);
  check(!options.on_text || pictures.size() <= 1, ErrorCode::kUsage,
        "text can be had while it is written only of one picture at a time");
  std::vector<const models::EncodedPicture*> seen;
  for (const Picture& picture : pictures)
    seen.push_back(&encoded(picture, "describe needs a picture"));
  impl_->require(Skill::kDescribe, "describe pictures");
  DescribeOptions asked = options;
  bool begun = false;
  if (options.on_text)
    asked.on_text = [&](const std::string& piece) {
      const std::string text = begun ? piece : options.prefix + piece;
      begun = true;
      return options.on_text(text);
    };
  std::vector<Descriptions> out;
  {
    const ComputeGate::Place place(impl_->gate);
    out = impl_->model->describe(seen, asked);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    add_timing(pictures[i], out[i].timing);
    for (Description& description : out[i].list)
      if (!description.abstained)
        description.text = options.prefix + description.text + options.suffix;
  }
  // Nothing was certain before the end: then the whole text comes now.
  const std::string last = begun ? options.suffix
                           : out.empty() || out.front().list.empty()
                               ? ""
                               : out.front().list.front().text;
  if (options.on_text && !last.empty())
    check(options.on_text(last), ErrorCode::kCancelled, "stopped on request");
  return out;
}

Descriptions Engine::describe(const Picture& picture, const DescribeOptions& options) const {
  return describe(std::vector{picture}, options).front();
}

std::vector<Objects> Engine::objects(const std::vector<Picture>& pictures,
                                     const ObjectsOptions& options) const {
  impl_->require(Skill::kObjects, "give objects");
  return each<Objects>(impl_->gate, pictures, options, kNoObjects, [&](const auto& picture) {
    return impl_->model->objects(picture, options);
  });
}

Objects Engine::objects(const Picture& picture, const ObjectsOptions& options) const {
  return objects(std::vector{picture}, options).front();
}

std::vector<Relations> Engine::relations(const std::vector<Picture>& pictures,
                                         const ObjectsOptions& options) const {
  impl_->require(Skill::kRelations, "give objects and relations");
  return each<Relations>(impl_->gate, pictures, options, kNoObjects, [&](const auto& picture) {
    return impl_->model->relations(picture, options);
  });
}

Relations Engine::relations(const Picture& picture, const ObjectsOptions& options) const {
  return relations(std::vector{picture}, options).front();
}

std::vector<Reading> Engine::read(const std::vector<Picture>& pictures,
                                  const ReadOptions& options) const {
  impl_->require(Skill::kRead, "read what is written in pictures");
  return each<Reading>(impl_->gate, pictures, options, "what is read is a picture; give one",
                       [&](const auto& picture) { return impl_->model->read(picture, options); });
}

Reading Engine::read(const Picture& picture, const ReadOptions& options) const {
  return read(std::vector{picture}, options).front();
}

Score Engine::score(const Picture& picture, const std::string& question,
                    const std::string& answer) const {
  check(!blank(question), ErrorCode::kUsage,
        "the question is empty; ask something about the picture");
  const ComputeGate::Place place(impl_->gate);
  return impl_->model->score({picture.encoded().get(), question}, answer);
}

Score Engine::score(const Picture& picture, const std::string& description) const {
  const Request request{&encoded(picture, "a description is scored with a picture"), ""};
  const ComputeGate::Place place(impl_->gate);
  return impl_->model->score(request, description);
}

Match Engine::match(const Picture& picture, const std::string& text) const {
  impl_->require(Skill::kMatch, "match texts with pictures");
  const auto& seen = encoded(picture, "a text is matched with a picture; give one");
  const ComputeGate::Place place(impl_->gate);
  return impl_->model->match(seen, text);
}

AttentionMap Engine::attention(const Picture& picture, const std::string& question,
                               const std::string& text) const {
  const Request request{&encoded(picture, "attention is of a picture; none was given"),
                        blank(question) ? "" : question};
  const ComputeGate::Place place(impl_->gate);
  return impl_->model->attention(request, text);
}

std::vector<float> Engine::embed(const Picture& picture) const {
  const auto& seen = encoded(picture, "embed needs a picture");
  const ComputeGate::Place place(impl_->gate);
  return impl_->model->embed(seen);
}

std::vector<float> Engine::embed(const std::string& text) const {
  check(!blank(text), ErrorCode::kUsage, "the text is empty; give some words to be embedded");
  const ComputeGate::Place place(impl_->gate);
  return impl_->model->embed(text);
}

}  // namespace beholder
