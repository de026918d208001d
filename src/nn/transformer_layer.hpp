// One encoder layer, normalised before (vision) or after (BERT) each sub-layer.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "nn/attention.hpp"
#include "nn/layers.hpp"

namespace beholder::nn {

/// Two linear maps with GELU between them.
class FeedForward {
 public:
  FeedForward(ParameterSource& source, const std::string& name, std::int64_t hidden_size,
              std::int64_t intermediate_size);
  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual) const;  // (…, D) -> (…, D)
  void add_to(const at::Tensor& x, const at::Tensor& y) const;  ///< y += of x; see Linear::add_to

 private:
  Linear fc1_, fc2_;
};

/// Pre-norm encoder layer (ViT): x + attention(norm1(x)), then x + mlp(norm2(x)).
class EncoderLayer {
 public:
  EncoderLayer(ParameterSource& source, const std::string& name, std::int64_t hidden_size,
               std::int64_t num_attention_heads, std::int64_t intermediate_size, double eps);
  /// @param x (B, N, D)  @param dropout probability on each sub-layer's output while training
  /// @param mask added to the scores, broadcastable to (B, H, N, N); undefined for none
  at::Tensor forward(const at::Tensor& x, double dropout = 0, const at::Tensor& mask = {}) const;

 private:
  LayerNorm norm1_;
  MultiHeadAttention attention_;
  LayerNorm norm2_;
  FeedForward mlp_;
};

/// `sublayer(x) + residual` with dropout on the sub-layer; fused addition when there is none.
template <typename Sublayer>
at::Tensor add_residual(const Sublayer& sublayer, const at::Tensor& residual, double dropout) {
  if (dropout <= 0) return sublayer(residual);
  return residual + at::dropout(sublayer(at::Tensor()), dropout, true);
}

}  // namespace beholder::nn
