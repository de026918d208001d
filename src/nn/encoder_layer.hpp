// One layer of a transformer's encoder, pre-norm or post-norm.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "nn/feed_forward.hpp"
#include "nn/layer_config.hpp"
#include "nn/residual.hpp"
#include "nn/self_attention.hpp"

namespace beholder::nn {

/// The names that our own encoders' layers have.
inline LayerNames encoder_names(const std::string& layer) {
  return {AttentionNames(layer + ".attention"), layer + ".norm1", layer + ".mlp.fc1",
          layer + ".mlp.fc2", layer + ".norm2"};
}

/// Self-attention, then a feed-forward map, each with a residual connection.
class EncoderLayer {
 public:
  EncoderLayer(ParameterSource& source, const LayerNames& names, const LayerConfig& config)
      : attention_(source, names.attention, config.hidden_size, config.num_attention_heads),
        attention_residual_(source, names.attention_norm, config),
        mlp_(source, names.fc1, names.fc2, config.hidden_size, config.intermediate_size),
        mlp_residual_(source, names.mlp_norm, config) {}

  /// @param x (B, N, D)  @param dropout probability on each sub-layer's output while training
  /// @param mask added to the scores, broadcastable to (B, H, N, N); undefined for none
  /// @return (B, N, D)
  at::Tensor forward(const at::Tensor& x, double dropout = 0, const at::Tensor& mask = {}) const {
    const at::Tensor attended =
        attention_residual_.forward(x, dropout, [&](const auto& normed, const auto& added) {
          return attention_.forward(normed, mask, added);
        });
    return mlp_residual_.forward(attended, dropout, [&](const auto& normed, const auto& added) {
      return mlp_.forward(normed, added);
    });
  }

 private:
  SelfAttention attention_;
  Residual attention_residual_;
  FeedForward mlp_;
  Residual mlp_residual_;
};

}  // namespace beholder::nn
