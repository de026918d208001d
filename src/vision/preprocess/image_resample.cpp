#include "vision/preprocess/image_resample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/check.hpp"

namespace beholder::vision {
namespace {

constexpr int kPrecisionBits = 22;  // 32 - 8 - 2, Resample.c

constexpr double kPi = 3.14159265358979323846;

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return (((x - 5) * x + 8) * x - 4) * a;
  return 0;
}

double triangle(double x) { return std::max(0.0, 1 - std::abs(x)); }

double sinc(double x) { return x == 0 ? 1 : std::sin(x * kPi) / (x * kPi); }

double lanczos(double x) { return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0; }

struct Filter {
  double support;  ///< half its width, source pixels
  double (*weight)(double);
};

Filter filter_of(Resample resample) {
  switch (resample) {
    case Resample::kPillowBicubic: return {2, cubic};
    case Resample::kPillowBilinear: return {1, triangle};
    case Resample::kPillowLanczos: return {3, lanczos};
    case Resample::kPillowNearest:
    case Resample::kArea: break;
  }
  fail(ErrorCode::kInternal, "no filter of Pillow's is called ", static_cast<int>(resample));
}

struct Taps {
  int first = 0;
  std::vector<std::int32_t> weights;
};

/// Where `count` output pixels from `begin` on get their values from, along one axis.
struct Axis {
  int in = 0, out = 0;  ///< px of the whole axis
  int begin = 0, count = 0;
};

// Pillow adds the step up pixel by pixel (Geometry.c), so a product would round otherwise.
std::vector<Taps> nearest_taps(const Axis& axis) {
  const double scale = static_cast<double>(axis.in) / axis.out;
  std::vector<Taps> taps;
  double at = scale * 0.5;
  for (int i = 0; i < axis.begin + axis.count; ++i, at += scale)
    if (i >= axis.begin)
      taps.push_back({std::min(static_cast<int>(at), axis.in - 1), {1 << kPrecisionBits}});
  return taps;
}

std::vector<Taps> make_taps(const Axis& axis, Resample resample) {
  if (resample == Resample::kPillowNearest) return nearest_taps(axis);
  const Filter filter = filter_of(resample);
  const double scale = static_cast<double>(axis.in) / axis.out;
  const double filter_scale = std::max(scale, 1.0);
  const double support = filter.support * filter_scale;
  std::vector<Taps> taps(axis.count);
  for (int i = 0; i < axis.count; ++i) {
    const double center = (axis.begin + i + 0.5) * scale;
    const int first = std::max(0, static_cast<int>(center - support + 0.5));
    const int last = std::min(axis.in, static_cast<int>(center + support + 0.5));
    std::vector<double> weights(last - first);
    double sum = 0;
    for (int k = 0; k < last - first; ++k)
      sum += weights[k] = filter.weight((k + first - center + 0.5) * (1.0 / filter_scale));
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

// Columns `begin` to `begin` + `count` of the picture made `width` px wide.
Image resize_across(const Image& image, int width, Resample filter, int begin, int count) {
  if (width == image.width)  // Pillow leaves a pass out when its side stays the same
    return crop_image(image, begin, 0, count, image.height);
  Image out{count, image.height, {}};
  const std::vector<Taps> taps = make_taps({image.width, width, begin, count}, filter);
  out.rgb.resize(static_cast<std::size_t>(count) * image.height * 3);
  std::uint8_t* to = out.rgb.data();
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* row = image.rgb.data() + static_cast<std::size_t>(y) * image.width * 3;
    for (const Taps& tap : taps)
      for (int c = 0; c < 3; ++c) *to++ = convolve(row + tap.first * 3 + c, 3, tap);
  }
  return out;
}

// Rows `begin` to `begin` + `count` of the picture made `height` px high.
Image resize_down(const Image& image, int height, Resample filter, int begin, int count) {
  if (height == image.height) return crop_image(image, 0, begin, image.width, count);
  Image out{image.width, count, {}};
  const std::vector<Taps> taps = make_taps({image.height, height, begin, count}, filter);
  const std::size_t row = static_cast<std::size_t>(image.width) * 3;
  out.rgb.resize(row * count);
  std::uint8_t* to = out.rgb.data();
  for (const Taps& tap : taps)
    for (std::size_t x = 0; x < row; ++x)
      *to++ = convolve(image.rgb.data() + tap.first * row + x, row, tap);
  return out;
}

}  // namespace

Image resample_as_pillow(const Image& image, int width, int height, Resample filter,
                         const PixelWindow& window) {
  const auto across = [&](const Image& from) {
    return resize_across(from, width, filter, window.left, window.width);
  };
  const auto down = [&](const Image& from) {
    return resize_down(from, height, filter, window.top, window.height);
  };
  // Each pass rounds to bytes, so their order shows. Pillow shrinks very tall pictures first down
  // (Image.resize), to spare memory.
  if (image.height > std::int64_t{image.width} * 100 && height < image.height)
    return across(down(image));
  return down(across(image));
}

}  // namespace beholder::vision
