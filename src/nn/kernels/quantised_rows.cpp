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

/// Hands each number of `x` to `store` as an integer in [0, levels].
template <typename Store>
BEHOLDER_INLINE void quantise(const float* x, std::int64_t size, float inverse, float offset,
                              std::int32_t levels, const Store& store) {
  for (std::int64_t i = 0; i < size; ++i) {
    std::int32_t value = static_cast<std::int32_t>(x[i] * inverse + offset);
    value = value < 0 ? 0 : value;
    value = value > levels ? levels : value;
    store(i, value);
  }
}

BEHOLDER_CLONES void quantise_8(const float* x, std::int64_t size, float inverse, float offset,
                                std::int32_t levels, std::uint8_t* __restrict q) {
  quantise(x, size, inverse, offset, levels,
           [&](std::int64_t i, std::int32_t value) { q[i] = static_cast<std::uint8_t>(value); });
}

BEHOLDER_CLONES void quantise_16(const float* x, std::int64_t size, float inverse, float offset,
                                 std::uint8_t* __restrict high, std::uint8_t* __restrict low) {
  quantise(x, size, inverse, offset, 0xffff, [&](std::int64_t i, std::int32_t value) {
    high[i] = static_cast<std::uint8_t>(value >> 8);
    low[i] = static_cast<std::uint8_t>(value & 255);
  });
}

BEHOLDER_CLONES void quantise_24(const float* x, std::int64_t size, float inverse, float offset,
                                 std::uint8_t* __restrict high, std::uint8_t* __restrict middle,
                                 std::uint8_t* __restrict low) {
  quantise(x, size, inverse, offset, 0xffffff, [&](std::int64_t i, std::int32_t value) {
    high[i] = static_cast<std::uint8_t>(value >> 16);
    middle[i] = static_cast<std::uint8_t>(value >> 8 & 255);
    low[i] = static_cast<std::uint8_t>(value & 255);
  });
}

/// A row's range as its quantisation; of a row that has none, with `inverse` 0.
struct Chosen {
  RowQuantisation row;
  float inverse;
};

Chosen choose(const float* x, std::int64_t size, std::int32_t levels) {
  const Range range = find_range(x, size);
  const float spread = range.high - range.low;
  if (!std::isfinite(spread)) return {{std::numeric_limits<float>::quiet_NaN(), 0}, 0};
  // Ranges too small for a normal scale are as good as zero.
  const float scale = spread / static_cast<float>(levels);
  if (scale < std::numeric_limits<float>::min()) return {{0.0f, 0}, 0};
  const float inverse = 1.0f / scale;
  return {{scale, static_cast<std::int32_t>(-range.low * inverse + 0.5f)}, inverse};
}

template <Activation activation, bool with_residual, int bytes>
BEHOLDER_INLINE void dequantise(RowSums sums, RowQuantisation row, const OutputChannels& channels,
                                const float* residual, float* y) {
  const std::int64_t size = channels.size;
  const float* const scales = channels.scales;
  const float* const bias = channels.bias;
  const std::int32_t* const weight_sums = channels.weight_sums;
  const std::int32_t *const first = sums.first, *const second = first + sums.stride,
                            *const third = second + sums.stride;
  const std::int32_t zero = row.zero_point;
// y may be the residual itself, item on item, and overlaps nothing else.
#pragma GCC ivdep
  for (std::int64_t i = 0; i < size; ++i) {
    // The zero points are out before the parts meet: nothing large is cancelled.
    const std::int32_t weights = weight_sums[i];
    float sum = 0;
    if constexpr (bytes == 1) {
      sum = static_cast<float>(first[i] - zero * weights);
    } else if constexpr (bytes == 2) {
      sum = 256.0f * static_cast<float>(first[i] - (zero >> 8) * weights) +
            static_cast<float>(second[i] - (zero & 255) * weights);
    } else {
      sum = 65536.0f * static_cast<float>(first[i] - (zero >> 16) * weights) +
            (256.0f * static_cast<float>(second[i] - (zero >> 8 & 255) * weights) +
             static_cast<float>(third[i] - (zero & 255) * weights));
    }
    float value = activate<activation>(sum * (row.scale * scales[i]) + bias[i]);
    if constexpr (with_residual) value += residual[i];
    y[i] = value;
  }
}

template <Activation activation, int bytes>
BEHOLDER_INLINE void dequantise(RowSums sums, RowQuantisation row, const OutputChannels& channels,
                                const float* residual, float* y) {
  if (residual != nullptr) {
    dequantise<activation, true, bytes>(sums, row, channels, residual, y);
  } else {
    dequantise<activation, false, bytes>(sums, row, channels, nullptr, y);
  }
}

template <Activation activation>
BEHOLDER_INLINE void dequantise(RowSums sums, RowQuantisation row, const OutputChannels& channels,
                                const float* residual, float* y) {
  switch (sums.bytes) {
    case 1: return dequantise<activation, 1>(sums, row, channels, residual, y);
    case 2: return dequantise<activation, 2>(sums, row, channels, residual, y);
    default: return dequantise<activation, 3>(sums, row, channels, residual, y);
  }
}

}  // namespace

RowQuantisation quantise_row(const float* x, std::int64_t size, int levels, std::uint8_t* q) {
  const Chosen chosen = choose(x, size, levels);
  if (chosen.inverse == 0)
    std::memset(q, 0, static_cast<std::size_t>(size));
  else
    quantise_8(x, size, chosen.inverse, static_cast<float>(chosen.row.zero_point) + 0.5f, levels,
               q);
  return chosen.row;
}

RowQuantisation quantise_row(const float* x, std::int64_t size, int bytes, std::int64_t stride,
                             std::uint8_t* q) {
  const Chosen chosen = choose(x, size, (1 << 8 * bytes) - 1);
  const float offset = static_cast<float>(chosen.row.zero_point) + 0.5f;
  if (chosen.inverse == 0) {
    for (int byte = 0; byte < bytes; ++byte)
      std::memset(q + byte * stride, 0, static_cast<std::size_t>(size));
  } else if (bytes == 2) {
    quantise_16(x, size, chosen.inverse, offset, q, q + stride);
  } else {
    quantise_24(x, size, chosen.inverse, offset, q, q + stride, q + 2 * stride);
  }
  return chosen.row;
}

BEHOLDER_CLONES void dequantise_row(RowSums sums, RowQuantisation row,
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
    case Activation::kHardSwish:
      return dequantise<Activation::kHardSwish>(sums, row, channels, residual, y);
  }
}

}  // namespace beholder::nn::kernels
