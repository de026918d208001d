// The samples of one TIFF directory, whatever its layout.
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <vector>

#include "vision/intake/image_source.hpp"

namespace beholder::vision {

/// How a directory stores its samples (TIFF 6.0, sections 8, 14, 15, 18, 19).
struct TiffLayout {
  std::uint32_t width = 0, height = 0;
  std::uint16_t bits = 1, samples = 1;
  std::uint16_t photometric = PHOTOMETRIC_MINISWHITE, planar = PLANARCONFIG_CONTIG;
  std::uint16_t format = SAMPLEFORMAT_UINT;
  std::uint16_t ink_set = INKSET_CMYK;
  std::vector<std::uint16_t> extras;  ///< EXTRASAMPLE_…, of the last samples of a pixel
};

/// Of the current directory. @throws Error kPictureCorrupt, kPictureTooLarge
TiffLayout read_tiff_layout(TIFF* tiff, const ImageSource& source);

/// The first `kept` samples of every pixel of 8 or 16 bits each, (height, width, kept), of 16 bits
/// the high byte. False when libtiff could not decode them; its error handler knows why.
bool read_tiff_samples(TIFF* tiff, const TiffLayout& layout, int kept,
                       std::vector<std::uint8_t>& out);

}  // namespace beholder::vision
