// EXIF orientation: where each container keeps it, and turning a picture upright.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vision/image.hpp"

namespace beholder::vision {

/// The orientation tag (0x0112) of the first directory of a TIFF structure, which EXIF is
/// (TIFF 6.0, section 2; EXIF 2.3, section 4.6.2), or of a BigTIFF. 1 when absent or damaged: a
/// bad tag is no reason to refuse a picture.
int tiff_orientation(const std::uint8_t* tiff, std::size_t size);

/// The EXIF orientation 1-8 of a whole JPEG, PNG, WebP or TIFF file; 1 for anything else.
int find_orientation(const std::uint8_t* data, std::size_t size);

/// Turns a picture stored with EXIF orientation 1-8 upright. Other values leave it as it is.
Image apply_orientation(Image image, int orientation);

}  // namespace beholder::vision
