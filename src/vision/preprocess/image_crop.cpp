#include "vision/preprocess/image_crop.hpp"

#include <algorithm>

#include "core/check.hpp"

namespace beholder::vision {

Image crop_image(const Image& image, int left, int top, int width, int height) {
  check(left >= 0 && top >= 0 && width > 0 && height > 0 && left <= image.width - width &&
            top <= image.height - height,
        ErrorCode::kShape, "cannot cut ", width, "x", height, " px at (", left, ", ", top,
        ") out of ", image.width, "x", image.height);
  Image out{width, height, {}};
  out.rgb.reserve(static_cast<std::size_t>(width) * height * 3);
  for (int y = top; y < top + height; ++y) {
    const auto row = image.rgb.begin() + (static_cast<std::ptrdiff_t>(y) * image.width + left) * 3;
    out.rgb.insert(out.rgb.end(), row, row + static_cast<std::ptrdiff_t>(width) * 3);
  }
  return out;
}

CentreCrop centre_crop(int picture_width, int picture_height, int crop_width, int crop_height) {
  const auto margin = [](int picture, int crop) { return std::max(0, (picture - crop) / 2); };
  const auto ground = [](int picture, int crop) { return std::max(0, (crop - picture + 1) / 2); };
  return {{margin(picture_width, crop_width), margin(picture_height, crop_height),
           std::min(picture_width, crop_width), std::min(picture_height, crop_height)},
          ground(picture_width, crop_width),
          ground(picture_height, crop_height)};
}

Image place_image(const Image& image, int left, int top, int width, int height) {
  check(left >= 0 && top >= 0 && left <= width - image.width && top <= height - image.height,
        ErrorCode::kShape, "cannot place ", image.width, "x", image.height, " px at (", left, ", ",
        top, ") of ", width, "x", height);
  Image out{width, height, {}};
  out.rgb.resize(static_cast<std::size_t>(width) * height * 3);
  const std::ptrdiff_t bytes = static_cast<std::ptrdiff_t>(image.width) * 3;
  for (int y = 0; y < image.height; ++y)
    std::copy_n(image.rgb.begin() + y * bytes, bytes,
                out.rgb.begin() + (static_cast<std::ptrdiff_t>(top + y) * width + left) * 3);
  return out;
}

}  // namespace beholder::vision
