// Parts of a picture.
#pragma once

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// A rectangle of pixels.
struct PixelWindow {
  int left = 0, top = 0, width = 0, height = 0;
};

/// The part of a picture from (left, top), width x height px. @throws Error kShape
Image crop_image(const Image& image, int left, int top, int width, int height);

/// Where a crop of the middle lies in a picture, and in the crop that is made of it.
struct CentreCrop {
  PixelWindow source;     ///< what is seen of the picture
  int left = 0, top = 0;  ///< where that begins in the crop; above 0 where the picture is smaller
};

/// The middle of a picture as transformers' Pillow processors cut it: of an odd margin the smaller
/// half is left of a cut, and the larger half left of what is too small (torchvision's
/// processors have it on the right there).
CentreCrop centre_crop(int picture_width, int picture_height, int crop_width, int crop_height);

/// The picture on a black ground of width x height px, its corner at (left, top).
/// @throws Error kShape where it does not fit
Image place_image(const Image& image, int left, int top, int width, int height);

}  // namespace beholder::vision
