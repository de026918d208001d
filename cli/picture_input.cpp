#include "picture_input.hpp"

#include <cstdlib>
#include <vector>

#include "picture_bytes.hpp"

namespace beholder::cli {
namespace fs = std::filesystem;

fs::path find_model(const std::string& option) {
  if (!option.empty()) return option;
  if (const char* variable = std::getenv("BEHOLDER_MODEL"); variable && *variable) return variable;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (fs::path folder = program.parent_path(); !folder.empty(); folder = folder.parent_path()) {
    for (const char* place : {"models/beholder", "share/beholder/models/beholder"})
      if (fs::exists(folder / place / "config.json", ignored)) return folder / place;
    if (folder == folder.root_path()) break;
  }
  return "models/beholder";
}

Picture read_picture(const Engine& engine, const std::string& name) {
  const std::vector<std::uint8_t> bytes = read_picture_bytes(name);
  return engine.encode(bytes.data(), bytes.size(), name_in_messages(name));
}

EarlyPicture::EarlyPicture(const std::string& name, const EngineOptions& options) : name_(name) {
  if (name == "-") return;  // may come late, and must not delay what is wrong with the model
  decoded_ = std::async(std::launch::async, [name, options] {
    const std::vector<std::uint8_t> bytes = read_picture_bytes(name);
    return Engine::decode(bytes.data(), bytes.size(), name, options);
  });
}

Picture EarlyPicture::encode(const Engine& engine) {
  return decoded_.valid() ? engine.encode(decoded_.get()) : read_picture(engine, name_);
}

bool is_file(const std::string& name) {
  std::error_code ignored;
  const fs::file_type type = fs::status(name, ignored).type();
  return name != "-" && type != fs::file_type::fifo && type != fs::file_type::socket;
}

Json named_row(const std::string& name) {
  Json out = Json::object();
  put_name(out, name);
  return out;
}

Json sized(const Picture& picture, const Json& found) {
  Json out = {{"width", picture.width()}, {"height", picture.height()}};
  out.update(found);
  return out;
}

}  // namespace beholder::cli
