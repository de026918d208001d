// Pictures made of equal boxes side by side, on a ground of another tone.
#pragma once

#include <array>
#include <vector>

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// The boxes of a picture that is divided by plain upright stripes of one colour: left, top, right,
/// bottom in pixels, from left to right, each as high as the picture.
/// @return nothing when there are not two or more boxes of (within 6 %) one width
std::vector<std::array<int, 4>> find_panels(const Image& image);

}  // namespace beholder::vision
