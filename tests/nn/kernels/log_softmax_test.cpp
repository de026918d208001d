#include "nn/kernels/log_softmax.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <vector>

#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {
namespace {

TEST(FastLog, IsTheLogarithm) {
  for (float x = 1e-37f; x < 1e30f; x *= 1.0137f) {
    const double exact = std::log(static_cast<double>(x));
    EXPECT_NEAR(fast_log(x), exact, 2e-7 * (1 + std::abs(exact))) << x;
  }
  EXPECT_EQ(fast_log(1.0f), 0.0f);
}

TEST(MeanLogSoftmax, IsTheFormula) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0, 4);
  for (const std::int64_t views : {1, 2})
    for (const std::int64_t vocabulary : {1, 7, 64, 1001}) {
      const std::int64_t rows = 11, left = vocabulary > 5 ? 2 : -1, right = vocabulary > 5 ? 5 : -1;
      std::vector<float> logits(views * rows * vocabulary), out(rows * vocabulary);
      for (float& value : logits) value = normal(random);
      mean_log_softmax(logits.data(), views, rows, vocabulary, left, right, out.data());
      for (std::int64_t g = 0; g < rows; ++g) {
        std::vector<double> mean(vocabulary, 0);
        for (std::int64_t w = 0; w < views; ++w) {
          double sum = 0;
          const float* x = logits.data() + (w * rows + g) * vocabulary;
          for (std::int64_t v = 0; v < vocabulary; ++v) sum += std::exp(static_cast<double>(x[v]));
          for (std::int64_t v = 0; v < vocabulary; ++v) {
            const std::int64_t to = w == 0 || left < 0 ? v
                                    : v == left        ? right
                                    : v == right       ? left
                                                       : v;
            mean[to] += std::exp(static_cast<double>(x[v])) / sum / static_cast<double>(views);
          }
        }
        for (std::int64_t v = 0; v < vocabulary; ++v)
          EXPECT_NEAR(out[g * vocabulary + v], std::log(mean[v]), 5e-6)
              << views << " " << vocabulary;
      }
    }
}

}  // namespace
}  // namespace beholder::nn::kernels
