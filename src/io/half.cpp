#include "io/half.hpp"

#include <cstring>

// Clang before 16 cannot ask the processor for f16c.
#if defined(__x86_64__) && defined(__GNUC__) && (!defined(__clang__) || __clang_major__ >= 16)
#include <immintrin.h>
#define BEHOLDER_HAVE_F16C_PATH 1
#endif

namespace beholder::io {
namespace {

std::uint32_t bits_of(float value) {
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

float float_of(std::uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

std::uint16_t load16(const void* source, std::size_t index) {
  std::uint16_t value;
  std::memcpy(&value, static_cast<const char*>(source) + index * sizeof value, sizeof value);
  return value;
}

/// `value` >> `shift` (1 to 31), rounded to nearest, ties to even.
std::uint32_t shift_right_rounded(std::uint32_t value, unsigned shift) {
  const std::uint32_t kept = value >> shift;
  const std::uint32_t lost = value & ((1u << shift) - 1);
  const std::uint32_t tie = 1u << (shift - 1);
  return kept + (lost > tie || (lost == tie && (kept & 1)) ? 1 : 0);
}

#ifdef BEHOLDER_HAVE_F16C_PATH
bool have_f16c() {
  static const bool have = __builtin_cpu_supports("avx") && __builtin_cpu_supports("f16c");
  return have;
}

/// Converts whole groups of eight and returns how many values it converted.
__attribute__((target("avx,f16c"))) std::size_t floats_from_halves_f16c(const void* source,
                                                                        float* target,
                                                                        std::size_t count) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const char* const from = static_cast<const char*>(source) + i * sizeof(std::uint16_t);
    const __m128i halves = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
    _mm256_storeu_ps(target + i, _mm256_cvtph_ps(halves));
  }
  return i;
}

__attribute__((target("avx,f16c"))) std::size_t halves_from_floats_f16c(const float* source,
                                                                        std::uint16_t* target,
                                                                        std::size_t count) {
  std::size_t i = 0;
  for (; i + 8 <= count; i += 8) {
    const __m128i halves = _mm256_cvtps_ph(_mm256_loadu_ps(source + i), _MM_FROUND_TO_NEAREST_INT);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(target + i), halves);
  }
  return i;
}
#endif

}  // namespace

float float_from_half(std::uint16_t half) noexcept {
  const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
  const std::uint32_t exponent = (half >> 10) & 0x1fu;
  const std::uint32_t fraction = half & 0x3ffu;
  if (exponent == 0x1f) {
    const std::uint32_t quiet = fraction == 0 ? 0 : 0x400000u;
    return float_of(sign | 0x7f800000u | quiet | fraction << 13);
  }
  if (exponent == 0) {
    // Subnormal: fraction × 2^-24, which binary32 holds exactly as a normal number.
    const float magnitude = static_cast<float>(fraction) * (1.0f / 16777216.0f);
    return float_of(sign | bits_of(magnitude));
  }
  return float_of(sign | (exponent + (127 - 15)) << 23 | fraction << 13);
}

std::uint16_t half_from_float(float value) noexcept {
  const std::uint32_t bits = bits_of(value);
  const std::uint32_t sign = (bits >> 16) & 0x8000u;
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  std::uint32_t half;
  if (magnitude > 0x7f800000u) {
    half = 0x7e00u | ((magnitude >> 13) & 0x3ffu);
  } else if (magnitude >= 0x477ff000u) {  // 65520, half-way from the largest half to the next step
    half = 0x7c00u;
  } else if (magnitude >= 0x38800000u) {  // 2^-14, the smallest normal half
    // A carry out of the fraction steps the exponent, as it should.
    half = shift_right_rounded(magnitude - ((127u - 15u) << 23), 13);
  } else if (magnitude >= 0x33000000u) {  // 2^-25, half of the smallest subnormal
    const std::uint32_t fraction = (magnitude & 0x7fffffu) | 0x800000u;
    half = shift_right_rounded(fraction, 126 - (magnitude >> 23));
  } else {
    half = 0;
  }
  return static_cast<std::uint16_t>(sign | half);
}

float float_from_bfloat16(std::uint16_t bfloat16) noexcept {
  return float_of(static_cast<std::uint32_t>(bfloat16) << 16);
}

std::uint16_t bfloat16_from_float(float value) noexcept {
  const std::uint32_t bits = bits_of(value);
  if ((bits & 0x7fffffffu) > 0x7f800000u) return static_cast<std::uint16_t>(bits >> 16 | 0x40u);
  return static_cast<std::uint16_t>(shift_right_rounded(bits, 16));
}

void floats_from_halves(const void* source, float* target, std::size_t count) noexcept {
  std::size_t i = 0;
#ifdef BEHOLDER_HAVE_F16C_PATH
  if (have_f16c()) i = floats_from_halves_f16c(source, target, count);
#endif
  for (; i < count; ++i) target[i] = float_from_half(load16(source, i));
}

void halves_from_floats(const float* source, std::uint16_t* target, std::size_t count) noexcept {
  std::size_t i = 0;
#ifdef BEHOLDER_HAVE_F16C_PATH
  if (have_f16c()) i = halves_from_floats_f16c(source, target, count);
#endif
  for (; i < count; ++i) target[i] = half_from_float(source[i]);
}

void floats_from_bfloat16s(const void* source, float* target, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) target[i] = float_from_bfloat16(load16(source, i));
}

void bfloat16s_from_floats(const float* source, std::uint16_t* target, std::size_t count) noexcept {
  for (std::size_t i = 0; i < count; ++i) target[i] = bfloat16_from_float(source[i]);
}

}  // namespace beholder::io
