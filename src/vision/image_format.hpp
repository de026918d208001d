// Which kind of picture bytes are, from their first bytes, and whether they are whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "vision/image_source.hpp"

namespace beholder::vision {

enum class ImageFormat { kUnknown, kJpeg, kPng, kGif, kBmp, kPsd, kPnm, kTga, kWebp, kTiff, kHeif };

/// The format by signature; TGA, which has none, by a plausible header.
ImageFormat detect_format(const std::uint8_t* data, std::size_t size);

/// The format's usual name ("JPEG").
const char* format_name(ImageFormat format);

/// What bytes that are not a picture look like ("a PDF document", "a web page", "text"), for
/// messages.
std::string describe_bytes(const std::uint8_t* data, std::size_t size);

/// What a walk over a JPEG's markers tells.
struct JpegLayout {
  bool adobe = false;        ///< an Adobe APP14 segment is there
  int components = 0;        ///< of the frame, 0 without one
  std::size_t scan_end = 0;  ///< offset of the end marker where it follows a scan at once, else 0
};

/// Walks the markers of a JPEG to its end marker (ITU-T T.81, annex B).
/// @throws Error kPictureCorrupt when the file ends first
JpegLayout check_jpeg_whole(const ImageSource& source);

/// Walks the chunks of a PNG to IEND and checks the critical chunks' CRC (PNG specification, 5).
/// @throws Error kPictureCorrupt
void check_png_whole(const ImageSource& source);

}  // namespace beholder::vision
