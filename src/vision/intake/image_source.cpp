#include "vision/intake/image_source.hpp"

#include <algorithm>

namespace beholder::vision {

Image over_white(const std::uint8_t* rgba, int width, int height, std::size_t stride) {
  Image image{width, height, {}};
  image.rgb.resize(static_cast<std::size_t>(width) * height * 3);
  std::uint8_t* out = image.rgb.data();
  for (int y = 0; y < height; ++y) {
    const std::uint8_t* in = rgba + y * stride;
    for (int x = 0; x < width; ++x, in += 4, out += 3) {
      const unsigned alpha = in[3];
      for (int c = 0; c < 3; ++c)
        out[c] = static_cast<std::uint8_t>((in[c] * alpha + 255 * (255 - alpha) + 127) / 255);
    }
  }
  return image;
}

Image from_rgb(const std::uint8_t* rgb, int width, int height, std::size_t stride) {
  Image image{width, height, {}};
  const std::size_t row = static_cast<std::size_t>(width) * 3;
  image.rgb.resize(row * height);
  for (int y = 0; y < height; ++y) std::copy_n(rgb + y * stride, row, image.rgb.data() + y * row);
  return image;
}

}  // namespace beholder::vision
