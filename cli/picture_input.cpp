#include "picture_input.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <vector>

#include "batch/row.hpp"
#include "core/check.hpp"
#include "core/file.hpp"

namespace beholder::cli {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 30;  // of a stream that may have no end

}  // namespace

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
  if (name != "-") return engine.encode(fs::path(name));
  check(::isatty(STDIN_FILENO) == 0, ErrorCode::kUsage,
        "standard input is a terminal; pipe a picture into '-' or name a file");
  std::vector<std::uint8_t> bytes;
  char piece[1 << 16];
  while (std::cin.read(piece, sizeof piece) || std::cin.gcount() > 0) {
    bytes.insert(bytes.end(), piece, piece + std::cin.gcount());
    check(bytes.size() <= kMostBytes, ErrorCode::kPictureTooLarge,
          "standard input: more than 1 GiB, which no picture takes; pipe a picture into '-'");
  }
  return engine.encode(bytes.data(), bytes.size(), "standard input");
}

EarlyPicture::EarlyPicture(const std::string& name, const EngineOptions& options) : name_(name) {
  if (name == "-") return;
  decoded_ = std::async(std::launch::async, [name, options] {
    const std::vector<std::uint8_t> bytes = read_file_bytes(name);
    return Engine::decode(bytes.data(), bytes.size(), name, options);
  });
}

Picture EarlyPicture::encode(const Engine& engine) {
  return decoded_.valid() ? engine.encode(decoded_.get()) : read_picture(engine, name_);
}

std::string printable(const std::string& text) { return batch::printable(text); }

}  // namespace beholder::cli
