// The position-wise feed-forward map of a transformer layer (Vaswani et al. 2017, section 3.3).
#pragma once

#include "nn/linear.hpp"

namespace beholder::nn {

/// Two linear maps with GELU between them.
class FeedForward {
 public:
  FeedForward(ParameterSource& source, const std::string& fc1, const std::string& fc2,
              std::int64_t hidden_size, std::int64_t intermediate_size)
      : fc1_(source, fc1, hidden_size, intermediate_size),
        fc2_(source, fc2, intermediate_size, hidden_size) {}
  /// @param x (…, D)  @param residual like the output, or undefined  @return (…, D)
  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual) const {
    return fc2_.forward(fc1_.forward(x, Activation::kGelu), Activation::kNone, residual);
  }

 private:
  Linear fc1_, fc2_;
};

}  // namespace beholder::nn
