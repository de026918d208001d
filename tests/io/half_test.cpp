#include "io/half.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

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

bool is_nan_half(std::uint32_t half) { return (half & 0x7fff) > 0x7c00; }

/// The value of a finite half by the definition in IEEE 754, in double arithmetic.
double value_of_half(std::uint32_t half) {
  const int exponent = (half >> 10) & 31;
  const int fraction = half & 0x3ff;
  const double magnitude =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  return half & 0x8000 ? -magnitude : magnitude;
}

TEST(Half, EveryHalfHasItsDefinedValue) {
  for (std::uint32_t half = 0; half < 65536; ++half) {
    const float value = float_from_half(static_cast<std::uint16_t>(half));
    ASSERT_EQ(std::signbit(value), (half & 0x8000) != 0) << half;
    if (is_nan_half(half)) {
      ASSERT_TRUE(std::isnan(value)) << half;
    } else if ((half & 0x7fff) == 0x7c00) {
      ASSERT_TRUE(std::isinf(value)) << half;
    } else {
      ASSERT_EQ(static_cast<double>(value), value_of_half(half)) << half;
    }
  }
}

TEST(Half, EveryHalfComesBack) {
  for (std::uint32_t half = 0; half < 65536; ++half) {
    const std::uint32_t quiet = is_nan_half(half) ? half | 0x200 : half;
    ASSERT_EQ(half_from_float(float_from_half(static_cast<std::uint16_t>(half))), quiet);
  }
}

// Between each two neighbours: below, at and above the middle, with both signs.
TEST(Half, RoundsToNearestTiesToEvenBetweenAllNeighbours) {
  for (std::uint32_t half = 0; half < 0x7c00; ++half) {
    const double low = value_of_half(half);
    const double high = half == 0x7bff ? 65536.0 : value_of_half(half + 1);
    const auto middle = static_cast<float>((low + high) / 2);  // exact: one more bit
    const std::uint32_t even = half & 1 ? half + 1 : half;
    for (const std::uint32_t sign : {0u, 0x8000u}) {
      const float s = sign ? -1.0f : 1.0f;
      ASSERT_EQ(half_from_float(s * middle), even | sign) << half;
      ASSERT_EQ(half_from_float(s * std::nextafter(middle, 0.0f)), half | sign) << half;
      ASSERT_EQ(half_from_float(s * std::nextafter(middle, 1e9f)), (half + 1) | sign) << half;
    }
  }
}

TEST(Half, ExtremesOfFloat) {
  EXPECT_EQ(half_from_float(std::numeric_limits<float>::max()), 0x7c00);
  EXPECT_EQ(half_from_float(-std::numeric_limits<float>::infinity()), 0xfc00);
  EXPECT_EQ(half_from_float(std::numeric_limits<float>::denorm_min()), 0);
  EXPECT_EQ(half_from_float(-std::numeric_limits<float>::min()), 0x8000);
  EXPECT_EQ(half_from_float(float_of(0x7f800001u)), 0x7e00);
  EXPECT_EQ(half_from_float(float_of(0xffffffffu)), 0xffff);
}

std::vector<float> assorted_floats() {
  std::mt19937 random(7);
  std::vector<float> values = {0.0f, -0.0f, 65504.0f, 65519.99f, 65520.0f, 1e-8f, 5.96e-8f};
  for (int i = 0; i < 100000; ++i) {
    values.push_back(float_of(static_cast<std::uint32_t>(random())));
    // Again with an exponent near the range of a half.
    values.push_back(float_of((static_cast<std::uint32_t>(random()) & 0x807fffffu) |
                              (100u + random() % 45u) << 23));
  }
  return values;
}

TEST(Half, BulkEqualsOneByOneAtEveryLength) {
  const std::vector<float> values = assorted_floats();
  std::vector<std::uint16_t> halves(values.size());
  halves_from_floats(values.data(), halves.data(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_EQ(halves[i], half_from_float(values[i])) << std::hex << bits_of(values[i]);

  for (std::size_t count = 0; count < 20; ++count) {
    std::vector<std::uint16_t> some(count + 1, 0xabcd);
    halves_from_floats(values.data(), some.data(), count);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(some[i], halves[i]);
    ASSERT_EQ(some[count], 0xabcd) << "wrote past the end";
  }
}

TEST(Half, BulkReadsEveryHalfFromUnalignedBytes) {
  std::vector<std::uint8_t> bytes(1 + 2 * 65536);
  for (std::uint32_t half = 0; half < 65536; ++half) {
    bytes[1 + 2 * half] = static_cast<std::uint8_t>(half);
    bytes[2 + 2 * half] = static_cast<std::uint8_t>(half >> 8);
  }
  std::vector<float> values(65536);
  floats_from_halves(bytes.data() + 1, values.data(), values.size());
  for (std::uint32_t half = 0; half < 65536; ++half)
    ASSERT_EQ(bits_of(values[half]), bits_of(float_from_half(static_cast<std::uint16_t>(half))));
  floats_from_bfloat16s(bytes.data() + 1, values.data(), values.size());
  for (std::uint32_t half = 0; half < 65536; ++half) ASSERT_EQ(bits_of(values[half]), half << 16);
}

TEST(Bfloat16, EveryOneComesBack) {
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const bool nan = (bits & 0x7fff) > 0x7f80;
    const float value = float_from_bfloat16(static_cast<std::uint16_t>(bits));
    ASSERT_EQ(std::isnan(value), nan);
    ASSERT_EQ(bits_of(value), bits << 16);
    ASSERT_EQ(bfloat16_from_float(value), nan ? bits | 0x40 : bits);
  }
}

TEST(Bfloat16, RoundsToNearestTiesToEven) {
  for (std::uint32_t bits = 0; bits < 0x7f80; ++bits) {
    const std::uint32_t even = bits & 1 ? bits + 1 : bits;
    for (const std::uint32_t sign : {0u, 0x8000u}) {
      const std::uint32_t base = (bits | sign) << 16;
      ASSERT_EQ(bfloat16_from_float(float_of(base | 0x7fff)), bits | sign);
      ASSERT_EQ(bfloat16_from_float(float_of(base | 0x8000)), even | sign);
      ASSERT_EQ(bfloat16_from_float(float_of(base | 0x8001)), (bits + 1) | sign);
    }
  }
}

TEST(Bfloat16, BulkEqualsOneByOne) {
  const std::vector<float> values = assorted_floats();
  std::vector<std::uint16_t> result(values.size());
  bfloat16s_from_floats(values.data(), result.data(), values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_EQ(result[i], bfloat16_from_float(values[i]));
}

}  // namespace
}  // namespace beholder::io
