#include "nn/kernels/finite.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace beholder::nn::kernels {
namespace {

TEST(AllFinite, FindsEveryKindAtEveryPlace) {
  using Limits = std::numeric_limits<float>;
  for (const std::size_t size : {1, 7, 16, 33, 100}) {
    std::vector<float> values(size, -1.5f);
    values[size / 2] = Limits::max();
    values[size - 1] = Limits::denorm_min();
    values[0] = -0.0f;
    EXPECT_TRUE(all_finite(values.data(), static_cast<std::int64_t>(size)));
    for (const float bad : {Limits::infinity(), -Limits::infinity(), Limits::quiet_NaN(),
                            -Limits::quiet_NaN(), std::nanf("1")})
      for (std::size_t at = 0; at < size; ++at) {
        std::vector<float> spoilt = values;
        spoilt[at] = bad;
        EXPECT_FALSE(all_finite(spoilt.data(), static_cast<std::int64_t>(size)))
            << bad << " " << at;
      }
  }
  EXPECT_TRUE(all_finite(nullptr, 0));
}

}  // namespace
}  // namespace beholder::nn::kernels
