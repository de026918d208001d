// A linear layer for inference: weights packed once, bias, activation and residual fused.
#pragma once

#include <cstdint>
#include <memory>

#include "nn/kernels/activation.hpp"

namespace beholder::nn::kernels {

/// How products with int8 weights are computed.
enum class Int8Compute {
  kFloat,  ///< the weights are expanded to floats once
  kInt24,  ///< integers, `x` in three bytes: as exact as floats; without VNNI kFloat
  kInt16,  ///< integers, `x` in two bytes: nearly so, faster; without VNNI kFloat
  kInt8,   ///< integers, `x` in one byte, 7 bits of it without VNNI: fastest, less exact
};

/// `y = activation(x W^T + b) [+ residual]` with weights kept once, in the blocked layout that
/// oneDNN chooses for the machine. The object does not change after construction: any number of
/// threads may call `forward` on one object at once. A call itself runs on
/// `omp_get_max_threads()` threads.
class PackedLinear {
 public:
  /// Packs `weight` (out, in), row-major, and `bias` (out) or null; neither is kept.
  /// Throws kUsage if a size is not positive or `weight` is null.
  PackedLinear(const float* weight, const float* bias, std::int64_t in, std::int64_t out);

  /// From weights quantised symmetrically for each output: `weight[o][i] * scales[o]`.
  /// `weight` (out, in), `scales` (out), `bias` (out) or null; none is kept.
  /// As integers each row of `x` is quantised with its own range as it comes, and a row's result
  /// does not depend, to the bit, on the rows around it. Without VNNI pairs of products are summed
  /// in 16 bits, which leaves 7 bits for `x`, and two such bytes are no faster than floats.
  /// Throws kUsage on bad sizes or null pointers, and for integers also if `in` exceeds 65,536,
  /// where the 32-bit sums could overflow.
  static PackedLinear from_int8(const std::int8_t* weight, const float* scales, const float* bias,
                                std::int64_t in, std::int64_t out, Int8Compute compute);

  PackedLinear(PackedLinear&&) noexcept;
  PackedLinear& operator=(PackedLinear&&) noexcept;
  ~PackedLinear();

  /// `x` (rows, in) -> `y` (rows, out). `residual` (rows, out), if given, is added after the
  /// activation; it may be `y` itself but may not overlap it otherwise, and `x` may not overlap
  /// `y`. `rows` may be 0. Throws kUsage on negative `rows` or null `x` or `y`.
  void forward(const float* x, std::int64_t rows, float* y,
               Activation activation = Activation::kNone, const float* residual = nullptr) const;

  std::int64_t in() const;
  std::int64_t out() const;

  /// Whether the products are of integers.
  bool computes_int8() const;

  /// Bytes of memory that the weights, scales and bias take.
  std::size_t bytes() const;

 private:
  class Impl;
  class Float;
  class Int8;
  explicit PackedLinear(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace beholder::nn::kernels
