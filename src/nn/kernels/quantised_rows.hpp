// Dynamic quantisation of activations and the way back from integer sums, a row at a time.
#pragma once

#include <cstdint>

#include "nn/kernels/activation.hpp"

namespace beholder::nn::kernels {

/// How the unsigned integers of a row stand for numbers: `x = scale * (q - zero_point)`.
struct RowQuantisation {
  float scale = 0;
  std::int32_t zero_point = 0;
};

/// Quantises `x` (size) to `q` (size) in [0, levels] with the row's own range, widened to hold 0.
/// `levels` is 255, or 127 where pairs of products are summed in 16 bits. A row with a value that
/// is not finite gets the scale NaN, so that its results are NaN as in floating point.
RowQuantisation quantise_row(const float* x, std::int64_t size, int levels, std::uint8_t* q);

/// The same in [0, 256^bytes - 1] for 2 or 3 bytes a number: the highest bytes of all numbers
/// (size) first, `stride` behind them the next ones.
RowQuantisation quantise_row(const float* x, std::int64_t size, int bytes, std::int64_t stride,
                             std::uint8_t* q);

/// What the integer sums of one linear layer need to become floats again; arrays have `size` items.
struct OutputChannels {
  std::int64_t size = 0;
  const float* scales = nullptr;              ///< of the weights, one a channel
  const std::int32_t* weight_sums = nullptr;  ///< over the inputs, to take the zero point out
  const float* bias = nullptr;
};

/// The integer sums of one row, (size) for each byte that its numbers were quantised to.
struct RowSums {
  const std::int32_t* first = nullptr;  ///< of the highest bytes
  int bytes = 1;
  std::int64_t stride = 0;  ///< to the sums of the next bytes
};

/// `y = activation(scale * scales * (sums - zero_point * weight_sums) + bias) [+ residual]` over
/// one row. `residual` may be null and may be `y`.
void dequantise_row(RowSums sums, RowQuantisation row, const OutputChannels& channels,
                    Activation activation, const float* residual, float* y);

}  // namespace beholder::nn::kernels
