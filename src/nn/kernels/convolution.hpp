// Two-dimensional convolution for inference on channels-last tensors, with weights packed once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "nn/kernels/activation.hpp"

namespace beholder::nn::kernels {

/// Zeros put before and after one axis of the input.
struct Padding {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// TensorFlow's SAME padding of one axis: the output has `ceil(in / stride)` places, and an odd
/// padding puts its extra zero at the end.
Padding same_padding(std::int64_t in, std::int64_t kernel, std::int64_t stride);

/// What a convolution is, whatever the size of its input. `groups == in_channels == out_channels`
/// makes it depthwise.
struct Conv2dOptions {
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t stride = 1;        ///< of rows; of columns too, unless they have their own
  std::int64_t width_stride = 0;  ///< of columns; 0: as `stride`
  std::int64_t groups = 1;
  bool same = true;          ///< SAME padding at every input size; `height`, `width` are not read
  Padding height_padding{};  ///< top and bottom, when `same` is false
  Padding width_padding{};   ///< left and right, when `same` is false
  Activation activation = Activation::kNone;
  float scale = 1;                   ///< what comes out of the activation is multiplied by it
  float shift = 0;                   ///< and this is added
  std::int64_t typical_height = 32;  ///< input size that the layout of the weights is chosen for
  std::int64_t typical_width = 32;
};

/// Places along height and width.
struct MapSize {
  std::int64_t height = 0;
  std::int64_t width = 0;
};

/// `y = scale · activation(x * W + b) + shift [+ residual]` over (N, H, W, C) tensors. As with
/// PackedLinear, any number of threads may call `forward` on one object, and a call runs on
/// `omp_get_max_threads()`.
class PackedConv2d {
 public:
  /// Packs `weight` (out_channels, in_channels / groups, kernel_height, kernel_width) and `bias`
  /// (out_channels) or null; neither is kept. Throws kUsage on sizes that are not positive, on
  /// negative padding, or on channels that `groups` does not divide.
  PackedConv2d(const float* weight, const float* bias, const Conv2dOptions& options);
  PackedConv2d(PackedConv2d&&) noexcept;
  PackedConv2d& operator=(PackedConv2d&&) noexcept;
  ~PackedConv2d();

  /// `x` (n, height, width, in_channels) -> `y` (n, output height, output width, out_channels).
  /// `residual`, of y's shape, is added after the activation; it may be `y` itself but may not
  /// overlap it otherwise, and `x` may not overlap `y`. `n` may be 0. Throws kUsage on negative
  /// `n`, sizes without an output, or null `x` or `y`.
  void forward(const float* x, std::int64_t n, std::int64_t height, std::int64_t width, float* y,
               const float* residual = nullptr) const;

  /// The output's places for an input of `height` x `width`; throws kUsage if there are none.
  MapSize output_size(std::int64_t height, std::int64_t width) const;

  const Conv2dOptions& options() const;

  /// Whether weights and bias are all finite. If not, no output says so: a fused ReLU6 turns NaN
  /// and infinity into numbers again.
  bool finite() const;

  /// Bytes of memory that the packed weights and the bias take. Grows if an input size needs the
  /// weights in a second layout to run fast.
  std::size_t bytes() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beholder::nn::kernels
