#include "nn/attention_mask.hpp"

#include <limits>

namespace beholder::nn {

constexpr float kHidden = -std::numeric_limits<float>::infinity();

at::Tensor padding_mask(const at::Tensor& attention_mask) {
  if (!attention_mask.defined()) return {};
  return at::zeros(attention_mask.sizes(), attention_mask.options().dtype(at::kFloat))
      .masked_fill(attention_mask.eq(0), kHidden)
      .unsqueeze(1)
      .unsqueeze(1);  // (B, N) -> (B, 1, 1, N)
}

at::Tensor causal_mask(std::int64_t queries, std::int64_t keys, const at::Tensor& like) {
  if (queries == 1) return {};
  return at::full({queries, keys}, kHidden, like.options()).triu(keys - queries + 1);
}

}  // namespace beholder::nn
