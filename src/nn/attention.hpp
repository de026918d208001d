// Multi-head attention (Vaswani et al. 2017) with keys and values that can be computed once.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "nn/key_value_cache.hpp"
#include "nn/layers.hpp"

namespace beholder::nn {

/// Keys and values split by head, ready to be attended to.
struct KeyValue {
  at::Tensor key;    // (B, H, N, d)
  at::Tensor value;  // (B, H, N, d)
};

/// The names of the four projections, so that a module can register them as its reference does.
struct AttentionNames {
  std::string query, key, value, output;
};

/// softmax(Q Kᵀ / sqrt(d) + mask) V over all heads.
class MultiHeadAttention {
 public:
  /// @param key_size width of the attended tokens; `hidden_size` for self-attention
  MultiHeadAttention(ParameterSource& source, const std::string& name, std::int64_t hidden_size,
                     std::int64_t num_attention_heads, std::int64_t key_size);
  MultiHeadAttention(ParameterSource& source, const AttentionNames& names, std::int64_t hidden_size,
                     std::int64_t num_attention_heads, std::int64_t key_size);

  /// @param tokens (B, N, key_size)
  KeyValue project(const at::Tensor& tokens) const;

  /// @param x (B*G, T, D); each memory row serves the G consecutive rows of x, without a copy
  /// @param memory of batch B
  /// @param mask added to the scores, broadcastable to (B, H, G*T, N); undefined for none
  /// @param residual (B*G, T, D) added to the result, or undefined
  /// @return (B*G, T, D)
  at::Tensor forward(const at::Tensor& x, const KeyValue& memory, const at::Tensor& mask,
                     const at::Tensor& residual) const;

  /// Self-attention of a decoder's next token: what it adds to the cache, and what is kept there.
  /// @param x (S, 1, D) new tokens, in the cache's order of rows
  /// @param layer of the cache that is this attention's
  /// @param residual (S, 1, D) added to the result, or undefined
  /// @return (S, 1, D)
  at::Tensor step(const at::Tensor& x, KeyValueCache& cache, std::size_t layer,
                  const at::Tensor& residual) const;

  /// The attended values before the output projection, (B*G, T, D); what `forward` projects.
  at::Tensor attend(const at::Tensor& x, const KeyValue& memory, const at::Tensor& mask) const;

  /// How much each position attends to each token, the mean over the heads: what `attend` weighs
  /// the values with, for looking inside. Shapes as for `forward`; @return (B*G, T, N), rows add up
  /// to 1
  at::Tensor weights(const at::Tensor& x, const KeyValue& memory, const at::Tensor& mask) const;

  std::int64_t num_attention_heads() const { return heads_; }

 private:
  /// softmax(Q Kᵀ / sqrt(d) + mask), (B, H, GT, N)
  at::Tensor softmax_scores(const at::Tensor& query, const at::Tensor& key,
                            const at::Tensor& mask) const;
  at::Tensor long_rows(const at::Tensor& x, std::int64_t batch) const;  // (B*G,T,D) -> (B,H,GT,d)
  at::Tensor split_heads(const at::Tensor& x) const;                    // (B, N, D) -> (B, H, N, d)

  std::int64_t hidden_, heads_;
  Linear query_, key_, value_, output_;
};

}  // namespace beholder::nn
