// EXIF orientation: how EXIF and XMP say it, and turning a picture upright.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// The orientation tag (0x0112) of the first directory of a TIFF structure, which EXIF is
/// (TIFF 6.0, section 2; EXIF 2.3, section 4.6.2), or of a BigTIFF, in any integer type. Nothing
/// when it is absent or damaged, 1 when its value is outside 1..8: a bad tag is no reason to refuse
/// a picture.
std::optional<int> tiff_orientation(const std::uint8_t* tiff, std::size_t size);

/// tiff:Orientation of an XMP packet (XMP specification part 2, section 3.2); 1 when absent or
/// outside 1..8.
int xmp_orientation(const std::string& xmp);

/// Turns a picture stored with EXIF orientation 1-8 upright. Other values leave it as it is.
Image apply_orientation(Image image, int orientation);

}  // namespace beholder::vision
