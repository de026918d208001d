// Pictures named on the command line: files, or "-" for standard input.
#pragma once

#include <filesystem>
#include <string>

#include "beholder/engine.hpp"

namespace beholder::cli {

/// The model directory to use: the option, else $BEHOLDER_MODEL, else models/beholder beside the
/// program (or above it in a build tree), else models/beholder in the current folder.
std::filesystem::path find_model(const std::string& option);

/// @throws Error as Engine::encode; kFileAccess when standard input cannot be read
Picture read_picture(const Engine& engine, const std::string& name);

/// Text as JSON string content: bytes that are not UTF-8 become U+FFFD.
std::string printable(const std::string& text);

}  // namespace beholder::cli
