#include "nn/kernels/quantised_rows.hpp"

#include <cmath>
#include <cstring>
#include <limits>

#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {

namespace {

// Integers that are ordered as their floats are: integer minima vectorise, those of floats do not
// (their NaN rules forbid it). The map is its own inverse.
BEHOLDER_INLINE std::int32_t ordered(std::int32_t bits) {
  return bits ^ ((bits >> 31) & 0x7fffffff);
}

struct Range {
  float low, high;
};

BEHOLDER_CLONES Range find_range(const float* x, std::int64_t size) {
  std::int32_t low = 0, high = 0;  // the range always holds 0
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int32_t value = ordered(bits_of_float(x[i]));
    low = value < low ? value : low;
    high = value > high ? value : high;
  }
  return {float_of_bits(ordered(low)), float_of_bits(ordered(high))};
}

BEHOLDER_CLONES void quantise(const float* x, std::int64_t size, float inverse, float offset,
                              std::int32_t levels, std::uint8_t* q) {
  for (std::int64_t i = 0; i < size; ++i) {
    std::int32_t value = static_cast<std::int32_t>(x[i] * inverse + offset);
    value = value < 0 ? 0 : value;
    value = value > levels ? levels : value;
    q[i] = static_cast<std::uint8_t>(value);
  }
}

template <Activation activation, bool with_residual>
BEHOLDER_INLINE void dequantise(const std::int32_t* sums, float scale, std::int32_t zero_point,
                                const OutputChannels& channels, const float* residual, float* y) {
  const std::int64_t size = channels.size;
  const float* const scales = channels.scales;
  const float* const bias = channels.bias;
  const std::int32_t* const weight_sums = channels.weight_sums;
// y may be the residual itself, item on item, and overlaps nothing else.
#pragma GCC ivdep
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int32_t sum = sums[i] - zero_point * weight_sums[i];
    float value = activate<activation>(static_cast<float>(sum) * (scale * scales[i]) + bias[i]);
    if constexpr (with_residual) value += residual[i];
    y[i] = value;
  }
}

template <Activation activation>
BEHOLDER_INLINE void dequantise(const std::int32_t* sums, RowQuantisation row,
                                const OutputChannels& channels, const float* residual, float* y) {
  if (residual != nullptr) {
    dequantise<activation, true>(sums, row.scale, row.zero_point, channels, residual, y);
  } else {
    dequantise<activation, false>(sums, row.scale, row.zero_point, channels, nullptr, y);
  }
}

}  // namespace

RowQuantisation quantise_row(const float* x, std::int64_t size, int levels, std::uint8_t* q) {
  const Range range = find_range(x, size);
  const float spread = range.high - range.low;
  if (!std::isfinite(spread)) {
    std::memset(q, 0, static_cast<std::size_t>(size));
    return {std::numeric_limits<float>::quiet_NaN(), 0};
  }
  // Ranges too small for a normal scale are as good as zero.
  const float scale = spread / static_cast<float>(levels);
  if (scale < std::numeric_limits<float>::min()) {
    std::memset(q, 0, static_cast<std::size_t>(size));
    return {0.0f, 0};
  }
  const float inverse = 1.0f / scale;
  const std::int32_t zero_point = static_cast<std::int32_t>(-range.low * inverse + 0.5f);
  quantise(x, size, inverse, static_cast<float>(zero_point) + 0.5f, levels, q);
  return {scale, zero_point};
}

BEHOLDER_CLONES void dequantise_row(const std::int32_t* sums, RowQuantisation row,
                                    const OutputChannels& channels, Activation activation,
                                    const float* residual, float* y) {
  switch (activation) {
    case Activation::kNone: return dequantise<Activation::kNone>(sums, row, channels, residual, y);
    case Activation::kGelu: return dequantise<Activation::kGelu>(sums, row, channels, residual, y);
    case Activation::kGeluTanh:
      return dequantise<Activation::kGeluTanh>(sums, row, channels, residual, y);
    case Activation::kRelu: return dequantise<Activation::kRelu>(sums, row, channels, residual, y);
    case Activation::kRelu6:
      return dequantise<Activation::kRelu6>(sums, row, channels, residual, y);
    case Activation::kSilu: return dequantise<Activation::kSilu>(sums, row, channels, residual, y);
  }
}

}  // namespace beholder::nn::kernels
