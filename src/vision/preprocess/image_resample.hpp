// Pillow's antialiased resampling, which OpenCV has not.
#pragma once

#include "vision/preprocess/image_crop.hpp"

namespace beholder::vision {

enum class Resample {
  kArea,            ///< OpenCV INTER_AREA when shrinking, INTER_CUBIC when enlarging
  kPillowBicubic,   ///< Pillow's antialiased bicubic (a = -0.5)
  kPillowBilinear,  ///< Pillow's antialiased triangle
  kPillowNearest,   ///< Pillow's nearest neighbour
  kPillowLanczos    ///< Pillow's antialiased Lanczos (three lobes)
};

/// Two-pass convolution with 8-bit intermediates and 22-bit fixed-point weights, as Pillow's
/// Resample.c rounds it: the same bytes as `Image.resize` of an RGB picture by Pillow up to 12
/// (13 swaps the passes when the height shrinks by much more than the width).
/// @param filter any but kArea
/// @param window the part of the width x height px result that is wanted; only it is computed, so
///   that a strip cut out of a very long picture needs no more memory than itself
Image resample_as_pillow(const Image& image, int width, int height, Resample filter,
                         const PixelWindow& window);

/// The whole result.
inline Image resample_as_pillow(const Image& image, int width, int height, Resample filter) {
  return resample_as_pillow(image, width, height, filter, {0, 0, width, height});
}

}  // namespace beholder::vision
