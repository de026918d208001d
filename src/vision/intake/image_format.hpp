// Which kind of picture bytes are, from their first bytes, and whether they are whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {

enum class ImageFormat {
  kUnknown,
  kJpeg,
  kPng,
  kGif,
  kBmp,
  kPsd,
  kPnm,
  kTga,
  kWebp,
  kTiff,
  kHeif,
  kJxl,
  kJpeg2000
};

/// The format by signature; TGA, which has none, by a plausible header.
ImageFormat detect_format(const std::uint8_t* data, std::size_t size);

/// The format's usual name ("JPEG").
const char* format_name(ImageFormat format);

/// What bytes that are not a picture look like ("a PDF document", "a web page", "text"), for
/// messages.
std::string describe_bytes(const std::uint8_t* data, std::size_t size);

/// What a walk over a PNG's chunks tells.
struct PngLayout {
  bool cgbi = false;   ///< Apple's variant: a CgBI chunk comes first
  int bits = 0;        ///< a channel
  int color_type = 0;  ///< 0: grey, 2: RGB, 3: palette, 4: grey and alpha, 6: RGB and alpha
};

/// Walks the chunks of a PNG to IEND and checks the critical chunks' CRC (PNG specification, 5).
/// @throws Error kPictureCorrupt
PngLayout check_png_whole(const ImageSource& source);

}  // namespace beholder::vision
