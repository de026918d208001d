// What a picture file says beside its pixels: EXIF, XMP, the colour profile.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vision/intake/image_format.hpp"
#include "vision/intake/image_source.hpp"

namespace beholder::vision {

struct Metadata {
  std::vector<std::uint8_t> exif;         ///< a TIFF structure; empty without one
  std::string xmp;                        ///< an XML packet; empty without one
  std::vector<std::uint8_t> icc_profile;  ///< as stored, perhaps damaged; empty: sRGB is meant
  std::uint32_t pictures = 1;             ///< of a multi-picture JPEG (CIPA DC-007)
};

/// Of JPEG (APP1, APP2), PNG (eXIf, iCCP, cICP, gAMA with cHRM, text chunks) and WebP. What is
/// damaged counts as absent. Other formats' decoders read their own.
Metadata read_metadata(const ImageSource& source, ImageFormat format);

/// The EXIF orientation, or without that tag the XMP one (tiff:Orientation), as Pillow takes them;
/// 1 without either and for values outside 1..8.
int orientation_of(const Metadata& metadata);

}  // namespace beholder::vision
