// One layer of a transformer's decoder, pre-norm or post-norm.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "nn/cross_attention.hpp"
#include "nn/feed_forward.hpp"
#include "nn/layer_config.hpp"
#include "nn/residual.hpp"
#include "nn/self_attention.hpp"

namespace beholder::nn {

/// What a cross-attention reads; one without a memory is left out.
struct Attended {
  const KeyValue* memory = nullptr;
  at::Tensor mask;  ///< as for CrossAttention::forward
};

/// Self-attention, then any number of cross-attentions in their order, then a feed-forward map,
/// each with a residual connection.
class DecoderLayer {
 public:
  DecoderLayer(ParameterSource& source, const LayerNames& names,
               const std::vector<CrossNames>& cross, const LayerConfig& config);

  /// Keys and values for the cross-attention number `cross`. @param tokens (B, N, key_size)
  KeyValue project(std::size_t cross, const at::Tensor& tokens) const {
    return cross_.at(cross).attention.project(tokens);
  }

  /// Whole sequences. @param x (S, T, D)  @param attended one a cross-attention
  /// @param mask of the self-attention, as for SelfAttention::forward
  /// @param dropout probability on each sub-layer's output while training
  /// @param trace gets what each attention looked at, the mean over its heads: (S, T, T), then
  /// (S, T, N) of each that was not left out; may be null
  /// @return (S, T, D)
  at::Tensor forward(const at::Tensor& x, const std::vector<Attended>& attended,
                     const at::Tensor& mask, double dropout = 0,
                     std::vector<at::Tensor>* trace = nullptr) const;

  /// The next tokens of each row, (S, T, D), behind those of `layer` of the cache.
  at::Tensor step(const at::Tensor& x, const std::vector<Attended>& attended, KeyValueCache& cache,
                  std::size_t layer) const;

 private:
  struct Cross {
    CrossAttention attention;
    Residual residual;
  };
  /// What follows the self-attention.
  at::Tensor rest(at::Tensor x, const std::vector<Attended>& attended, double dropout,
                  std::vector<at::Tensor>* trace) const;

  SelfAttention self_;
  Residual self_residual_;
  std::vector<Cross> cross_;
  FeedForward mlp_;
  Residual mlp_residual_;
};

}  // namespace beholder::nn
