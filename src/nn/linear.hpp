// A linear map; it trains on plain tensors and infers through the packed kernel.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>

#include "nn/parameters.hpp"

namespace beholder::nn {

using kernels::Activation;

/// y = activation(x Wᵀ + b) + residual.
class Linear {
 public:
  Linear(ParameterSource& source, const std::string& name, std::int64_t in, std::int64_t out,
         bool bias = true);
  /// Of parameters that lie elsewhere. @param weight (out, in)  @param bias (out) or undefined
  Linear(const at::Tensor& weight, const at::Tensor& bias)
      : in_(weight.size(1)), weight_(weight), bias_(bias) {}
  explicit Linear(std::shared_ptr<const kernels::PackedLinear> packed)
      : in_(packed->in()), packed_(std::move(packed)) {}

  /// @param x (…, in)  @param residual like the output or to be expanded to it, or undefined
  /// @return (…, out). @throws Error kShape
  at::Tensor forward(const at::Tensor& x, Activation activation = Activation::kNone,
                     const at::Tensor& residual = {}) const;
  bool packed() const { return packed_ != nullptr; }  ///< for inference: no gradients flow

 private:
  std::int64_t in_;
  at::Tensor weight_, bias_;
  std::shared_ptr<const kernels::PackedLinear> packed_;
};

/// Elementwise activation on plain tensors (the training side of the fused kernels).
at::Tensor activate(const at::Tensor& x, Activation activation);

}  // namespace beholder::nn
