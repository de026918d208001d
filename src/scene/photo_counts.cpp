#include "scene/photo_counts.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "core/logistic.hpp"

namespace beholder::scene {
namespace {

// Fit on 208 questions "how many …?" of vqa2_coco's train rows; docs/training.md.
constexpr double kRaised = 1.15;
constexpr double kSlope = 0.458, kPerThing = -0.056, kOffset = -0.173;
constexpr long kMany = 10;

/// Of each number of things to be there.
std::vector<double> distribution(const std::vector<double>& certain) {
  std::vector<double> out = {1};
  for (const double p : certain) {
    out.push_back(0);
    for (std::size_t k = out.size() - 1; k > 0; --k) out[k] = out[k] * (1 - p) + out[k - 1] * p;
    out[0] *= 1 - p;
  }
  return out;
}

}  // namespace

std::optional<Counted> count_things(const std::vector<double>& certain) {
  if (certain.empty()) return std::nullopt;
  double expected = 0;
  for (const double p : certain) expected += p;
  Counted out;
  out.number = std::max(1L, std::lround(kRaised * expected));
  const std::vector<double> chances = distribution(certain);
  const auto place = static_cast<std::size_t>(out.number);
  const double p = place < chances.size() ? chances[place] : 0;
  const double logit = std::clamp(std::log((p + 1e-6) / (1 - p + 1e-6)), -5.0, 5.0);
  const double z =
      kSlope * logit + kPerThing * static_cast<double>(std::min(out.number, kMany)) + kOffset;
  out.confidence = sigmoid(z);
  return out;
}

}  // namespace beholder::scene
