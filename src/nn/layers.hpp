// The smallest parts: linear map, layer normalisation, embedding, convolution.
// Each has one `forward`; it trains on plain tensors and infers through the packed kernels.
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
  /// @param x (…, in)  @param residual (…, out) or undefined  @return (…, out)
  at::Tensor forward(const at::Tensor& x, Activation activation = Activation::kNone,
                     const at::Tensor& residual = {}) const;
  /// y += x Wᵀ + b without a copy, for inference alone. @param x (…, in)  @param y (…, out)
  /// contiguous, of its own memory. @throws Error kInternal for plain tensors, kShape
  void add_to(const at::Tensor& x, const at::Tensor& y) const;
  bool packed() const { return packed_ != nullptr; }  ///< for inference: no gradients flow

 private:
  std::int64_t in_, out_;
  at::Tensor weight_, bias_;
  std::shared_ptr<const kernels::PackedLinear> packed_;
};

/// Layer normalisation over the last dimension (Ba et al. 2016).
class LayerNorm {
 public:
  LayerNorm(ParameterSource& source, const std::string& name, std::int64_t size, double eps);
  at::Tensor forward(const at::Tensor& x) const;  // (…, size) -> (…, size)

 private:
  at::Tensor weight_, bias_;
  double eps_;
};

/// A table of rows looked up by id; `logits` is the product with the same rows (tied embeddings).
class Embedding {
 public:
  /// @param tied_bias name of the bias of `logits`; empty when the table is only looked up
  Embedding(ParameterSource& source, const std::string& name, std::int64_t rows, std::int64_t width,
            const std::string& tied_bias = "");
  at::Tensor forward(const at::Tensor& ids) const;    // (…) int64 -> (…, width)
  at::Tensor logits(const at::Tensor& hidden) const;  // (…, width) -> (…, rows)
  std::int64_t rows() const { return rows_; }

 private:
  std::int64_t rows_, width_;
  at::Tensor weight_, bias_;
  std::shared_ptr<const RowTable> table_;
  std::shared_ptr<const kernels::PackedLinear> packed_;
};

/// Convolution with TensorFlow's SAME padding at any size, over channels-last pictures.
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

/// Elementwise activation on plain tensors (the training side of the fused kernels).
at::Tensor activate(const at::Tensor& x, Activation activation);

}  // namespace beholder::nn
