// What every format's decoder is given, and the checks that all of them share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "vision/image.hpp"

namespace beholder::vision {

/// The encoded bytes, the picture's name for messages, and the pixel cap.
struct ImageSource {
  const std::uint8_t* data;
  std::size_t size;
  const std::string& name;
  std::uint64_t max_pixels;

  [[noreturn]] void corrupt(const std::string& format, const std::string& reason) const {
    fail(ErrorCode::kPictureCorrupt, name, ": damaged ", format, " (", reason,
         "); get a whole copy of the picture");
  }
  [[noreturn]] void unsupported(const std::string& reason) const {
    fail(ErrorCode::kPictureFormat, name, ": ", reason, "; save it as JPEG or PNG");
  }
};

/// Refuses zero or too many pixels. Call it before a decoder may allocate.
/// @throws Error kPictureCorrupt, kPictureTooLarge
inline void check_dimensions(const ImageSource& source, std::uint64_t width, std::uint64_t height,
                             const std::string& format) {
  if (width == 0 || height == 0)
    source.corrupt(format, concat("the header says ", width, "x", height, " pixels"));
  if (height > source.max_pixels / width)
    fail(ErrorCode::kPictureTooLarge, source.name, ": ", width, "x", height,
         " pixels are more than the cap of ", source.max_pixels, "; shrink it or raise the cap");
}

/// Composites straight-alpha (height, width, 4) RGBA over white.
/// @param stride bytes from one row to the next
Image over_white(const std::uint8_t* rgba, int width, int height, std::size_t stride);

/// Copies rows of (height, width, 3) RGB that may be padded.
Image from_rgb(const std::uint8_t* rgb, int width, int height, std::size_t stride);

// One decoder a library (PNM has its own: stb_image swaps 16-bit samples and ignores maxval); none
// of them applies EXIF, except libheif, whose own transformations are.
/// @param scan_end where the entropy-coded data of a JPEG's last scan ends, 0 when not known; a
/// scan
///   that wants more is kPictureCorrupt
Image decode_with_stb(const ImageSource& source, const std::string& format,
                      std::size_t scan_end = 0);
Image decode_pnm(const ImageSource& source);
Image decode_webp(const ImageSource& source);
Image decode_tiff(const ImageSource& source);
Image decode_heif(const ImageSource& source);

}  // namespace beholder::vision
