// Attention of tokens to what another network has made, whose keys and values are computed once.
#pragma once

#include <ATen/ATen.h>

#include "nn/linear.hpp"
#include "nn/multi_head_attention.hpp"

namespace beholder::nn {

/// Keys and values split by head, ready to be attended to.
struct KeyValue {
  at::Tensor key;    // (B, H, N, d)
  at::Tensor value;  // (B, H, N, d)
};

class CrossAttention {
 public:
  /// @param key_size width of the attended tokens
  CrossAttention(ParameterSource& source, const AttentionNames& names, std::int64_t hidden_size,
                 std::int64_t num_attention_heads, std::int64_t key_size);

  KeyValue project(const at::Tensor& tokens) const;  ///< of tokens (B, N, key_size)

  /// @param x (B*G, T, D); each memory row serves the G consecutive rows of x, without a copy
  /// @param memory of batch B
  /// @param mask added to the scores, broadcastable to (B, H, G*T, N); undefined for none
  /// @param residual (B*G, T, D) added to the result, or undefined
  /// @return (B*G, T, D)
  at::Tensor forward(const at::Tensor& x, const KeyValue& memory, const at::Tensor& mask,
                     const at::Tensor& residual) const;

  /// How much each position attends to each token, the mean over the heads, for looking inside.
  /// Shapes as for `forward`. @return (B*G, T, N), rows add up to 1
  at::Tensor weights(const at::Tensor& x, const KeyValue& memory, const at::Tensor& mask) const;

 private:
  at::Tensor attend(const at::Tensor& x, const KeyValue& memory, const at::Tensor& mask) const;
  at::Tensor long_rows(const at::Tensor& x, std::int64_t batch) const;  // (B*G,T,D) -> (B,H,GT,d)

  std::int64_t hidden_, heads_;
  Linear query_, key_, value_, output_;
};

}  // namespace beholder::nn
