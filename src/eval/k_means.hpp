// Sums many vectors up by a few.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>

namespace beholder::eval {

/// Rows of length 1 that sum up the rows of `vectors` (n, D) by direction: spherical k-means
/// (Dhillon & Modha 2001), ten rounds from rows drawn by `seed`. @return (at most `count`, D)
at::Tensor spherical_k_means(const at::Tensor& vectors, std::int64_t count, std::uint64_t seed);

}  // namespace beholder::eval
