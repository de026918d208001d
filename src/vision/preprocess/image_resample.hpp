// Pillow's antialiased resampling, which OpenCV has not.
#pragma once

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// Two-pass convolution with 8-bit intermediates and 22-bit fixed-point weights, as Pillow's
/// Resample.c rounds it: the same bytes as `Image.resize` of an RGB picture by Pillow up to 12
/// (13 swaps the passes when the height shrinks by much more than the width).
/// @param bicubic cubic filter (a = -0.5, support 2), else the triangle (support 1)
Image resample_as_pillow(const Image& image, int width, int height, bool bicubic);

}  // namespace beholder::vision
