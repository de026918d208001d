// Conversion between fp32 and the two 16-bit floating-point types of published weights.
#pragma once

#include <cstddef>
#include <cstdint>

namespace beholder::io {

/// IEEE 754 binary16 to binary32: exact. A signalling NaN becomes the quiet one of its payload.
float float_from_half(std::uint16_t half) noexcept;
/// Binary32 to binary16: rounds to nearest, ties to even, through subnormals; what is too large
/// (from 65520 on) becomes infinity; a NaN stays a quiet NaN with the payload's high bits.
std::uint16_t half_from_float(float value) noexcept;

/// bfloat16 (the high half of a binary32) to binary32: exact, signalling NaNs included.
float float_from_bfloat16(std::uint16_t bfloat16) noexcept;
/// Binary32 to bfloat16: rounds to nearest, ties to even; a NaN stays a quiet NaN.
std::uint16_t bfloat16_from_float(float value) noexcept;

/// The same for `count` values; `source` may be unaligned (bytes of a mapped file) and must not
/// overlap `target`. With F16C the half conversions use it, with the same results bit for bit.
void floats_from_halves(const void* source, float* target, std::size_t count) noexcept;
void halves_from_floats(const float* source, std::uint16_t* target, std::size_t count) noexcept;
void floats_from_bfloat16s(const void* source, float* target, std::size_t count) noexcept;
void bfloat16s_from_floats(const float* source, std::uint16_t* target, std::size_t count) noexcept;

}  // namespace beholder::io
