// Functions of one float written without branches and calls, so that loops over them vectorise.
#pragma once

#include <cstdint>
#include <cstring>

#include "nn/kernels/activation.hpp"

// One copy of a function for each instruction set, chosen when the program starts. The clones are
// for architecture levels, not processor models, so that every vendor's processors match. Not under
// the thread sanitizer: it would instrument the function that chooses, which runs before it is up.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_THREAD__)
#define BEHOLDER_CLONES \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define BEHOLDER_CLONES
#endif
// GCC turns comparisons of floats into selections, which vectorise, only if they may not trap.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("no-trapping-math")
#endif
#define BEHOLDER_INLINE inline __attribute__((always_inline))

namespace beholder::nn::kernels {

BEHOLDER_INLINE float float_of_bits(std::int32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

BEHOLDER_INLINE std::int32_t bits_of_float(float value) {
  std::int32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

/// e^x with a relative error below 2e-7; x is clamped to [-87, 88], NaN stays NaN.
BEHOLDER_INLINE float fast_exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  // Adding 1.5 * 2^23 leaves round(x / ln 2) in the low bits; ln 2 in two parts keeps r exact.
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  // Taylor's series; |r| <= ln(2) / 2 makes the next term smaller than 1.2e-7 / 20.
  float p = 1.0f / 5040;
  p = p * r + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const std::int32_t exponent = bits_of_float(shifted) - bits_of_float(12582912.0f) + 127;
  return p * float_of_bits(static_cast<std::int32_t>(static_cast<std::uint32_t>(exponent) << 23));
}

/// ln(x) of a normal number above 0, with an absolute error below 2e-7 · (1 + |ln x|).
BEHOLDER_INLINE float fast_log(float x) {
  // x = m · 2^n with m in [sqrt 1/2, sqrt 2).
  const std::int32_t bits = bits_of_float(x) - 0x3f3504f3;
  const float n = static_cast<float>(bits >> 23);
  const float m = float_of_bits((bits & 0x007fffff) + 0x3f3504f3);
  // ln m = 2 artanh(t) with t = (m - 1) / (m + 1), |t| < 0.172.
  const float t = (m - 1.0f) / (m + 1.0f);
  const float t2 = t * t;
  float p = 1.0f / 9;
  p = p * t2 + 1.0f / 7;
  p = p * t2 + 1.0f / 5;
  p = p * t2 + 1.0f / 3;
  p = p * t2 + 1.0f;
  return 2.0f * t * p + n * 0.69314718f;
}

/// erf(x), absolute error below 6e-7 (Abramowitz & Stegun 7.1.26, in float).
BEHOLDER_INLINE float fast_erf(float x) {
  const std::int32_t bits = bits_of_float(x);
  float a = float_of_bits(bits & 0x7fffffff);
  a = a > 4.0f ? 4.0f : a;  // 1 in float from there on; products below would be subnormal, and slow
  const float t = 1.0f / (1.0f + 0.3275911f * a);
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  const float positive = 1.0f - p * t * fast_exp(-a * a);
  return x < 0 ? -positive : positive;
}

/// The largest of `size` > 0 values.
BEHOLDER_INLINE float highest_of(const float* x, std::int64_t size) {
  float highest = x[0];
#pragma omp simd reduction(max : highest)
  for (std::int64_t i = 0; i < size; ++i) highest = x[i] > highest ? x[i] : highest;
  return highest;
}

/// `out = e^(x - highest)`, `out` may be `x`. @return their sum
BEHOLDER_INLINE float exponentials(const float* x, std::int64_t size, float highest, float* out) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < size; ++i) {
    const float value = fast_exp(x[i] - highest);
    out[i] = value;
    sum += value;
  }
  return sum;
}

BEHOLDER_INLINE float sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

template <Activation activation>
BEHOLDER_INLINE float activate(float x) {
  if constexpr (activation == Activation::kGelu) {
    return 0.5f * x * (1.0f + fast_erf(x * 0.70710678f));
  } else if constexpr (activation == Activation::kGeluTanh) {
    // 0.5 (1 + tanh z) = sigmoid(2 z)
    return x * sigmoid(1.59576912f * (x + 0.044715f * x * x * x));
  } else if constexpr (activation == Activation::kRelu) {
    return x < 0.0f ? 0.0f : x;
  } else if constexpr (activation == Activation::kRelu6) {
    const float above = x < 0.0f ? 0.0f : x;
    return above > 6.0f ? 6.0f : above;
  } else if constexpr (activation == Activation::kSilu) {
    return x * sigmoid(x);
  } else if constexpr (activation == Activation::kHardSwish) {
    return x * activate<Activation::kRelu6>(x + 3.0f) / 6.0f;
  } else {
    return x;
  }
}

}  // namespace beholder::nn::kernels
