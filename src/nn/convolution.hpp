// Convolution with TensorFlow's SAME padding at any size, over channels-last pictures.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>

#include "nn/parameters.hpp"

namespace beholder::nn {

using kernels::Activation;

/// A stored convolution. @param name in messages  @param x (B, in, h, w)
/// @param residual like the output, added last  @return (B, out, h', w'), channels last
/// @throws Error kModelFormat naming the convolution, when its stored weights are not finite
at::Tensor convolve(const kernels::PackedConv2d& packed, const std::string& name,
                    const at::Tensor& x, const at::Tensor& residual = {});

/// Trains on plain tensors and infers through the packed kernel.
class Conv2d {
 public:
  Conv2d(ParameterSource& source, const std::string& name, const ConvShape& shape,
         Activation activation);
  /// @param x (B, in, h, w)  @param residual like the output, added after the activation
  /// @return (B, out, ceil(h / stride), ceil(w / stride))
  /// @throws Error kModelFormat naming the convolution, when its stored weights are not finite;
  /// kShape
  at::Tensor forward(const at::Tensor& x, const at::Tensor& residual = {}) const;

 private:
  std::string name_;
  ConvShape shape_;
  Activation activation_;
  at::Tensor weight_, bias_;
  std::shared_ptr<const kernels::PackedConv2d> packed_;
};

}  // namespace beholder::nn
