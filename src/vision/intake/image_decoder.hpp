// The one way from encoded bytes to an upright RGB picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "vision/intake/image.hpp"

namespace beholder::vision {

struct DecodeOptions {
  /// Most pixels that a picture may have; read from the header before any decode. The default is
  /// the limit at which Pillow warns of a decompression bomb twice over (2 × 89,478,485).
  std::uint64_t max_pixels = 178956970;
};

/// Decodes JPEG, PNG (Apple's CgBI too), GIF (first frame), BMP, PSD, TGA, PNM, WebP (first frame),
/// TIFF (first page, never its preview), HEIC, AVIF, JPEG XL and JPEG 2000. EXIF and XMP
/// orientations 1-8 are applied, alpha is composited over white, 16-bit channels keep their high
/// byte, CMYK and YCCK are converted as Pillow does. A colour profile is kept beside the pixels
/// (`to_srgb` of image_color.hpp applies it). What was left out or mended is said in the log.
/// @param name what to call the picture in messages
/// @throws Error kPictureFormat (not a picture, or a kind that is not supported),
///   kPictureCorrupt (empty, truncated or damaged; zero width or height), kPictureTooLarge (more
///   than `max_pixels`; nothing was allocated), kOutOfMemory.
/// A JPEG whose scan is too short for its pixels counts as truncated even when a picture could be
/// guessed (not found: a cut between two scans of a progressive one that has its end marker). One
/// without its end marker is read when its scans are all there.
Image decode_image(const std::uint8_t* data, std::size_t size, const std::string& name,
                   const DecodeOptions& options = {});

/// Reads a file and decodes it; the path is the name in messages.
/// @throws Error kFileNotFound, kFileAccess, and as `decode_image`.
Image load_image(const std::filesystem::path& path, const DecodeOptions& options = {});

}  // namespace beholder::vision
