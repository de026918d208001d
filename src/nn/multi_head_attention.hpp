// Scaled dot-product attention over several heads (Vaswani et al. 2017, section 3.2): what self-
// and cross-attention share.
#pragma once

#include <ATen/ATen.h>

#include <string>

namespace beholder::nn {

/// The names of the four projections. Without `key` and `value`, `query` is of all three jointly.
struct AttentionNames {
  std::string query, key, value, output;

  explicit AttentionNames(const std::string& module)
      : AttentionNames(module + ".query", module + ".key", module + ".value", module + ".output") {}
  AttentionNames(std::string q, std::string k, std::string v, std::string o)
      : query(std::move(q)), key(std::move(k)), value(std::move(v)), output(std::move(o)) {}
};

/// @throws Error kModelFormat naming `name` unless `hidden_size` splits into that many heads
void check_heads(const std::string& name, std::int64_t hidden_size, std::int64_t heads);

at::Tensor split_heads(const at::Tensor& x, std::int64_t heads);  // (B, N, D) -> (B, H, N, d)

/// How much each query attends to each key: softmax(Q Kᵀ / sqrt(d) + mask).
/// @param query (B, H, T, d)  @param key (B, H, N, d)
/// @param mask broadcastable to (B, H, T, N), or undefined  @return (B, H, T, N)
at::Tensor attention_weights(const at::Tensor& query, const at::Tensor& key,
                             const at::Tensor& mask);

/// The values so weighted, the heads side by side; differentiable. @return (B, T, D)
at::Tensor multi_head_attention(const at::Tensor& query, const at::Tensor& key,
                                const at::Tensor& value, const at::Tensor& mask);

/// The same for inference, through the kernel, before the heads are split.
/// @param query (B, T, D)  @param key, value (B, N, D)
/// @param causal the last query sees all keys, each one before it one key less
at::Tensor fused_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           std::int64_t heads, bool causal);

}  // namespace beholder::nn
