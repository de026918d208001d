// Pictures written to files.
#pragma once

#include <filesystem>

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// Writes a PNG, whole or not at all. @throws Error kFileAccess
void write_png(const std::filesystem::path& path, const Image& image);

/// Writes the format that the name's extension says: PNG, JPEG or WebP (both of high quality),
/// whole or not at all. @throws Error kUsage as `check_image_name`; kFileAccess
void write_image(const std::filesystem::path& path, const Image& image);

/// @throws Error kUsage unless the extension is .png, .jpg, .jpeg or .webp, in any case
void check_image_name(const std::filesystem::path& path);

}  // namespace beholder::vision
