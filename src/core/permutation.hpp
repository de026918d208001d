// Random numbers and orders that are the same with every standard library (its distributions and
// std::shuffle are not).
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

namespace beholder {

/// Uniform in [0, 1) with 53 random bits.
inline double uniform(std::mt19937_64& generator) {
  return static_cast<double>(generator() >> 11) * 0x1.0p-53;
}

/// A permutation of 0..count-1 that depends on nothing but its arguments.
inline std::vector<std::int64_t> permutation(std::int64_t count, std::uint64_t seed) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::mt19937_64 random(seed * 0x9E3779B97F4A7C15ULL + 1);
  for (std::int64_t i = count - 1; i > 0; --i)
    std::swap(order[i], order[static_cast<std::int64_t>(random() % (i + 1))]);
  return order;
}

/// At most `most` of the items, chosen by `seed`; in the order of the choice.
template <typename T>
std::vector<T> some_of(const std::vector<T>& items, std::size_t most, std::uint64_t seed) {
  std::vector<T> out;
  for (const std::int64_t i : permutation(static_cast<std::int64_t>(items.size()), seed)) {
    if (out.size() == most) break;
    out.push_back(items[i]);
  }
  return out;
}

}  // namespace beholder
