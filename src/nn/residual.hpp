// The residual connection around a sub-layer of a transformer, with its normalisation.
#pragma once

#include "nn/layer_config.hpp"
#include "nn/layer_norm.hpp"

namespace beholder::nn {

/// Pre-norm: x + f(norm(x)); post-norm: norm(x + f(x)).
class Residual {
 public:
  Residual(ParameterSource& source, const std::string& norm, const LayerConfig& config)
      : norm_(source, norm, config.hidden_size, config.layer_norm_eps), order_(config.order) {}

  /// @param sublayer f(input, residual): its result for `input` plus `residual`, unless undefined
  /// @param dropout probability on the sub-layer's result while training
  template <typename Sublayer>
  at::Tensor forward(const at::Tensor& x, double dropout, const Sublayer& sublayer) const {
    const bool pre = order_ == NormOrder::kPre;
    const at::Tensor input = pre ? norm_.forward(x) : x;
    const at::Tensor sum = dropout <= 0
                               ? sublayer(input, x)
                               : x + at::dropout(sublayer(input, at::Tensor()), dropout, true);
    return pre ? sum : norm_.forward(sum);
  }

 private:
  LayerNorm norm_;
  NormOrder order_;
};

}  // namespace beholder::nn
