#include "eval/k_means.hpp"

#include <algorithm>
#include <vector>

#include "core/permutation.hpp"
#include "nn/shape.hpp"

namespace beholder::eval {

at::Tensor spherical_k_means(const at::Tensor& vectors, std::int64_t count, std::uint64_t seed) {
  const at::Tensor points =
      vectors / vectors.norm(2, {1}, true).clamp_min(1e-12);  // (n, D), length 1
  count = std::min(count, points.size(0));
  std::vector<std::int64_t> order = permutation(points.size(0), seed);
  order.resize(count);
  at::Tensor centroids = points.index_select(0, nn::id_tensor(order));
  for (int iteration = 0; iteration < 10; ++iteration) {
    const at::Tensor nearest = at::mm(points, centroids.t()).argmax(1);  // (n)
    at::Tensor sums = at::zeros_like(centroids).index_add_(0, nearest, points);
    const at::Tensor lengths = sums.norm(2, {1}, true);
    centroids = at::where(lengths > 1e-6, sums / lengths.clamp_min(1e-12), centroids);
  }
  return centroids;
}

}  // namespace beholder::eval
