#include "nn/pooling.hpp"

#include "nn/finite.hpp"

namespace beholder::nn {

at::Tensor mean_pool(const at::Tensor& embeds) { return embeds.mean(1).squeeze(0); }

std::vector<float> unit_vector(const at::Tensor& vector) {
  check_finite(vector, "embedding");
  const at::Tensor unit = (vector / vector.norm().clamp_min(1e-12)).contiguous();
  return {unit.data_ptr<float>(), unit.data_ptr<float>() + unit.numel()};
}

}  // namespace beholder::nn
