#include "vision/intake/image_samples.hpp"

#include <algorithm>

namespace beholder::vision {
namespace {

// a · b / 255, rounded as Pillow's MULDIV255 does.
unsigned scaled(unsigned a, unsigned b) {
  const unsigned product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

void to_rgb(const std::uint8_t* in, int colors, std::uint8_t* out) {
  if (colors == 4) {
    const unsigned white = 255 - in[3];
    for (int c = 0; c < 3; ++c)
      out[c] = static_cast<std::uint8_t>(white - std::min(white, scaled(in[c], white)));
  } else {
    for (int c = 0; c < 3; ++c) out[c] = in[colors == 3 ? c : 0];
  }
}

}  // namespace

Image from_samples(const std::vector<std::uint8_t>& samples, int width, int height,
                   const SampleKind& kind) {
  Image image{width, height, {}};
  const std::size_t count = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  image.rgb.resize(count * 3);
  std::uint8_t* out = image.rgb.data();
  const std::uint8_t* in = samples.data();
  for (std::size_t i = 0; i < count; ++i, in += kind.channels(), out += 3) {
    to_rgb(in, kind.colors, out);
    if (kind.alpha == Alpha::kNone) continue;
    const unsigned alpha = in[kind.colors], white = 255 - alpha;
    for (int c = 0; c < 3; ++c)
      out[c] = static_cast<std::uint8_t>(kind.alpha == Alpha::kPremultiplied
                                             ? std::min(255u, out[c] + white)
                                             : (out[c] * alpha + 255 * white + 127) / 255);
  }
  return image;
}

}  // namespace beholder::vision
