#include "vision/preprocess/image_resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace beholder::vision {
namespace {

constexpr int kPrecisionBits = 22;  // 32 - 8 - 2, Resample.c

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

struct Taps {
  int first = 0;
  std::vector<std::int32_t> weights;
};

std::vector<Taps> make_taps(int in, int out, bool bicubic) {
  const double scale = static_cast<double>(in) / out;
  const double filter_scale = std::max(scale, 1.0);
  const double support = (bicubic ? 2.0 : 1.0) * filter_scale;
  std::vector<Taps> taps(out);
  for (int i = 0; i < out; ++i) {
    const double center = (i + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(center - support + 0.5));
    const int last = std::min(in, static_cast<int>(center + support + 0.5));
    std::vector<double> weights(last - first);
    double sum = 0;
    for (int k = 0; k < last - first; ++k) {
      const double x = (k + first - center + 0.5) * (1.0 / filter_scale);
      sum += weights[k] = bicubic ? cubic(x) : triangle(x);
    }
    taps[i].first = first;
    for (double w : weights) {
      if (sum != 0) w /= sum;
      w *= 1 << kPrecisionBits;
      taps[i].weights.push_back(static_cast<std::int32_t>(w < 0 ? w - 0.5 : w + 0.5));
    }
  }
  return taps;
}

// `step` is the distance in bytes between neighbours along the axis that is convolved.
std::uint8_t convolve(const std::uint8_t* in, std::size_t step, const Taps& taps) {
  std::int32_t sum = 1 << (kPrecisionBits - 1);
  for (const std::int32_t weight : taps.weights) {
    sum += *in * weight;
    in += step;
  }
  return static_cast<std::uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

Image resize_across(const Image& image, int width, bool bicubic) {
  if (width == image.width) return image;  // Pillow leaves a pass out when its side stays the same
  Image out{width, image.height, {}};
  const std::vector<Taps> taps = make_taps(image.width, width, bicubic);
  out.rgb.resize(static_cast<std::size_t>(width) * image.height * 3);
  std::uint8_t* to = out.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.rgb.data() + static_cast<std::size_t>(y) * image.width * 3;
    for (const Taps& tap : taps)
      for (int c = 0; c < 3; ++c) *to++ = convolve(row + tap.first * 3 + c, 3, tap);
  }
  return out;
}

Image resize_down(const Image& image, int height, bool bicubic) {
  if (height == image.height) return image;
  Image out{image.width, height, {}};
  const std::vector<Taps> taps = make_taps(image.height, height, bicubic);
  const std::size_t row = static_cast<std::size_t>(image.width) * 3;
  out.rgb.resize(row * height);
  std::uint8_t* to = out.rgb.data();
  for (const Taps& tap : taps)
    for (std::size_t x = 0; x < row; ++x)
      *to++ = convolve(image.rgb.data() + tap.first * row + x, row, tap);
  return out;
}

}  // namespace

Image resample_as_pillow(const Image& image, int width, int height, bool bicubic) {
  // Each pass rounds to bytes, so their order shows. Pillow shrinks very tall pictures first down
  // (Image.resize), to spare memory.
  if (image.height > std::int64_t{image.width} * 100 && height < image.height)
    return resize_across(resize_down(image, height, bicubic), width, bicubic);
  return resize_down(resize_across(image, width, bicubic), height, bicubic);
}

}  // namespace beholder::vision
