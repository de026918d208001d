// Attention of a sequence's tokens to one another.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <string>
#include <vector>

#include "nn/key_value_cache.hpp"
#include "nn/linear.hpp"
#include "nn/multi_head_attention.hpp"

namespace beholder::nn {

class SelfAttention {
 public:
  SelfAttention(ParameterSource& source, const AttentionNames& names, std::int64_t hidden_size,
                std::int64_t num_attention_heads);

  /// @param x (B, N, D)  @param mask added to the scores, broadcastable to (B, H, N, N), or
  /// undefined  @param residual (B, N, D) added to the result, or undefined  @return (B, N, D)
  at::Tensor forward(const at::Tensor& x, const at::Tensor& mask, const at::Tensor& residual) const;

  /// A decoder's next tokens: each sees those of its row in the cache, and those before it.
  /// @param x (S, T, D), in the cache's order of rows, to which their keys and values are added
  /// @param layer of the cache that is this attention's
  at::Tensor forward(const at::Tensor& x, KeyValueCache& cache, std::size_t layer,
                     const at::Tensor& residual) const;

  /// How much each token attends to each, the mean over the heads, for looking inside.
  /// @return (B, N, N), rows add up to 1
  at::Tensor weights(const at::Tensor& x, const at::Tensor& mask) const;

 private:
  using Projected = std::array<at::Tensor, 3>;  // query, key, value, (B, N, D) each
  Projected project(const at::Tensor& x) const;
  at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                    const at::Tensor& mask) const;

  std::int64_t hidden_, heads_;
  std::vector<Linear> projections_;  // of query, key and value, or one of all
  Linear output_;
};

}  // namespace beholder::nn
