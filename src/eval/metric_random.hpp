// Random numbers that are the same with every standard library (its distributions are not).
#pragma once

#include <algorithm>
#include <cstddef>
#include <random>
#include <vector>

#include "core/permutation.hpp"

namespace beholder::eval {

/// Uniform among 0 … count − 1.
inline std::size_t uniform_index(std::mt19937_64& generator, std::size_t count) {
  return static_cast<std::size_t>(uniform(generator) * static_cast<double>(count));
}

/// The `q` quantile (0 to 1) of sorted values, interpolated linearly between neighbours.
inline double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

}  // namespace beholder::eval
