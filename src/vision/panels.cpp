#include "vision/panels.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>

namespace beholder::vision {
namespace {

using Color = std::array<double, 3>;

constexpr double kPlain = 4;      // mean deviation from a column's mean colour, grey levels
constexpr double kSameTone = 10;  // largest difference of a channel within one tone

bool alike(const Color& a, const Color& b) {
  double most = 0;
  for (int c = 0; c < 3; ++c) most = std::max(most, std::abs(a[c] - b[c]));
  return most <= kSameTone;
}

/// The colour of a column that has but one.
std::optional<Color> plain_color(const Image& image, int x) {
  const auto value = [&](int y, int c) {
    return static_cast<double>(image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x) + c]);
  };
  Color mean{};
  for (int y = 0; y < image.height; ++y)
    for (int c = 0; c < 3; ++c) mean[c] += value(y, c) / image.height;
  double apart = 0;
  for (int y = 0; y < image.height; ++y)
    for (int c = 0; c < 3; ++c) apart += std::abs(value(y, c) - mean[c]) / (3.0 * image.height);
  if (apart > kPlain) return std::nullopt;
  return mean;
}

}  // namespace

std::vector<std::array<int, 4>> find_panels(const Image& image) {
  std::vector<std::optional<Color>> columns;
  std::vector<Color> tones;
  for (int x = 0; x < image.width; ++x) {
    columns.push_back(plain_color(image, x));
    if (columns.back() && std::none_of(tones.begin(), tones.end(), [&](const Color& tone) {
          return alike(tone, *columns.back());
        }))
      tones.push_back(*columns.back());
  }
  // Any tone may be that of the stripes; the one that leaves the widest boxes is.
  std::vector<std::array<int, 4>> best;
  for (const Color& tone : tones) {
    std::vector<std::array<int, 4>> boxes;
    int begin = 0;
    for (int x = 0; x <= image.width; ++x) {
      const bool stripe = x == image.width || (columns[x] && alike(*columns[x], tone));
      if (!stripe) continue;
      if (x > begin) boxes.push_back({begin, 0, x, image.height});
      begin = x + 1;
    }
    const auto width = [](const std::array<int, 4>& box) { return box[2] - box[0]; };
    if (boxes.size() < 2) continue;
    const auto [least, most] =
        std::minmax_element(boxes.begin(), boxes.end(),
                            [&](const auto& a, const auto& b) { return width(a) < width(b); });
    if (width(*most) - width(*least) > std::max(2.0, 0.06 * width(*most)) ||
        10 * width(*least) < image.width)
      continue;
    if (best.empty() || width(*least) > width(best.front())) best = std::move(boxes);
  }
  return best;
}

}  // namespace beholder::vision
