// From a map of probabilities to lines of text, and each line's own picture.
#pragma once

#include <array>
#include <vector>

#include "vision/intake/image.hpp"

namespace beholder::vision {

using Corner = std::array<float, 2>;  ///< x, y, px

/// A line of text: its corners from the upper left one clockwise, and how likely it is one.
struct TextRegion {
  std::array<Corner, 4> corners{};
  float score = 0;  ///< mean probability inside, 0..1
};

/// The rectangles around what is likely text, unsorted. As PP-OCR reads the maps of Differentiable
/// Binarization (Liao et al. 2020, section 3.5): what is above 0.3, widened by a pixel, is cut into
/// connected parts; the smallest rectangle around each with a mean of 0.5 or more is grown by
/// 1.6 · area / perimeter on each side, since the network marks only the inner part of a line.
/// @param probability (height, width), 0..1
/// @param page_width, page_height the picture that the map is of, in whose px the corners are
std::vector<TextRegion> text_regions(const float* probability, int height, int width,
                                     int page_height, int page_width);

/// The line turned level, as wide and as high as its sides are; what stands upright is turned a
/// quarter to the left. Pixels outside the page are those of its edge. @throws Error kShape
Image straightened(const Image& page, const std::array<Corner, 4>& corners);

/// The same picture upside down.
Image turned_half(const Image& image);

}  // namespace beholder::vision
