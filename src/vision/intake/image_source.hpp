// What every format's decoder is given, and the checks that all of them share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "vision/intake/image.hpp"

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

/// How stb_image is to read.
struct StbOptions {
  int channels = 4;  ///< 3: without alpha, 4: with it, which is then laid over white
  /// Of CgBI PNGs: B G R, already multiplied with alpha.
  bool premultiplied_bgr = false;
  /// Where the entropy-coded data of a JPEG's last scan ends, 0 when not known; a scan that wants
  /// more is kPictureCorrupt.
  std::size_t scan_end = 0;
  /// How many bits of it the scan may lack; negative: what a decoder's look-ahead may take.
  int missing_bits = -1;
};

// One decoder a library; where there is none for a kind (PNM, run-length BMP), one of our own. None
// of them applies EXIF, except libtiff's, whose pages have one each, and those of libheif and
// libjxl, which apply their own transformations.
Image decode_with_stb(const ImageSource& source, const std::string& format,
                      const StbOptions& options = {});
Image decode_bmp(const ImageSource& source);
Image decode_jxl(const ImageSource& source);
Image decode_jpeg2000(const ImageSource& source);

/// (height, width, 4) C M Y K of a JPEG of four components, 0: no ink; empty when there are none.
std::vector<std::uint8_t> read_jpeg_inks(const ImageSource& source, int width, int height);
Image decode_pnm(const ImageSource& source);
Image decode_webp(const ImageSource& source);
Image decode_tiff(const ImageSource& source);
Image decode_heif(const ImageSource& source);

}  // namespace beholder::vision
