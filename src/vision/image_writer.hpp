// Pictures written to files.
#pragma once

#include <filesystem>

#include "vision/image.hpp"

namespace beholder::vision {

/// Writes a PNG, whole or not at all. @throws Error kFileAccess
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace beholder::vision
