// Pictures named on the command line: files, or "-" for standard input.
#pragma once

#include <filesystem>
#include <future>
#include <string>

#include "beholder/engine.hpp"

namespace beholder::cli {

/// The model directory to use: the option, else $BEHOLDER_MODEL, else models/beholder beside the
/// program (or above it in a build tree), else models/beholder in the current folder.
std::filesystem::path find_model(const std::string& option);

/// A picture that is read and decoded while the model is being loaded.
class EarlyPicture {
 public:
  EarlyPicture(const std::string& name, const EngineOptions& options);

  /// @throws Error as `read_picture`
  Picture encode(const Engine& engine);

 private:
  std::string name_;
  std::future<DecodedPicture> decoded_;  // of a file
};

/// @throws Error as Engine::encode; kFileAccess when standard input cannot be read
Picture read_picture(const Engine& engine, const std::string& name);

/// Text as JSON string content: bytes that are not UTF-8 become U+FFFD.
std::string printable(const std::string& text);

}  // namespace beholder::cli
