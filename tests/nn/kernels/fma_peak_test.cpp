#include "nn/kernels/fma_peak.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <limits>

#include "beholder/error.hpp"

namespace beholder::nn::kernels {
namespace {

TEST(FmaPeak, MeasuresAPlausibleRateInAboutTheTimeGiven) {
  const auto start = std::chrono::steady_clock::now();
  const double rate = fma_peak_gflops(1, 0.05);
  const double elapsed =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  EXPECT_GE(elapsed, 0.05);
  EXPECT_LT(elapsed, 5.0);
  EXPECT_GT(rate, 0.5);     // slower than any machine that this runs on
  EXPECT_LT(rate, 2000.0);  // four 16-lane units at 15 GHz
}

TEST(FmaPeak, RefusesNoThreadsAndNoTime) {
  EXPECT_THROW(fma_peak_gflops(0, 0.1), Error);
  EXPECT_THROW(fma_peak_gflops(1, 0.0), Error);
  EXPECT_THROW(fma_peak_gflops(1, std::numeric_limits<double>::infinity()), Error);
  EXPECT_THROW(fma_peak_gflops(1, std::nan("")), Error);
}

}  // namespace
}  // namespace beholder::nn::kernels
