// Pictures named on the command line: files, or "-" for standard input.
#pragma once

#include <filesystem>
#include <future>
#include <string>

#include "beholder/engine.hpp"
#include "json/text.hpp"

namespace beholder::cli {

/// The model directory to use: the option, else $BEHOLDER_MODEL, else models/beholder beside the
/// program (or above it in a build tree), else models/beholder in the current folder.
std::filesystem::path find_model(const std::string& option);

/// A picture that is read and decoded while the model is being loaded; ask for it once.
class EarlyPicture {
 public:
  EarlyPicture(const std::string& name, const EngineOptions& options);

  /// @throws Error as `read_picture`
  Picture encode(const Engine& engine);

 private:
  std::string name_;
  std::future<DecodedPicture> decoded_;  // but of standard input
};

/// @throws Error as Engine::encode and `read_picture_bytes`
Picture read_picture(const Engine& engine, const std::string& name);

/// Whether a picture of this name can be read more than once: no pipe, and not "-".
bool is_file(const std::string& name);

/// A row that begins with the picture's name: {"image"}, and "image_bytes", its bytes in
/// hexadecimal digits, where the name is not UTF-8.
Json named_row(const std::string& name);

/// {"width", "height"} of the picture, in whose pixels boxes are, and what was found in it.
Json sized(const Picture& picture, const Json& found);

}  // namespace beholder::cli
