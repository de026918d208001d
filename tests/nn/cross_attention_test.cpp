#include "nn/cross_attention.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "beholder/error.hpp"

namespace beholder::nn {
namespace {

constexpr std::int64_t kHidden = 8, kHeads = 2, kKey = 6;

class CrossAttentionTest : public ::testing::Test {
 protected:
  TrainableParameters source_{{}, {}, 9};
  CrossAttention attention_{source_, AttentionNames("a"), kHidden, kHeads, kKey};

  /// Attention of one query row over N tokens, written out with loops in double precision.
  std::vector<double> by_hand(const at::Tensor& x, const at::Tensor& tokens,
                              const std::vector<bool>& seen) const {
    const auto linear = [&](const char* name, const at::Tensor& in, std::int64_t row) {
      const at::Tensor weight = source_.all().at(std::string("a.") + name + ".weight");
      const at::Tensor bias = source_.all().at(std::string("a.") + name + ".bias");
      std::vector<double> out;
      for (std::int64_t o = 0; o < weight.size(0); ++o) {
        double sum = bias[o].item<double>();
        for (std::int64_t i = 0; i < weight.size(1); ++i)
          sum += weight[o][i].item<double>() * in[row][i].item<double>();
        out.push_back(sum);
      }
      return out;
    };
    const std::int64_t count = tokens.size(0), width = kHidden / kHeads;
    const std::vector<double> query = linear("query", x, 0);
    std::vector<double> mixed(kHidden, 0.0);
    for (std::int64_t head = 0; head < kHeads; ++head) {
      std::vector<double> weights;
      double total = 0;
      for (std::int64_t n = 0; n < count; ++n) {
        const std::vector<double> key = linear("key", tokens, n);
        double score = 0;
        for (std::int64_t d = head * width; d < (head + 1) * width; ++d) score += query[d] * key[d];
        weights.push_back(seen[n] ? std::exp(score / std::sqrt(double(width))) : 0);
        total += weights.back();
      }
      for (std::int64_t n = 0; n < count; ++n) {
        const std::vector<double> value = linear("value", tokens, n);
        for (std::int64_t d = head * width; d < (head + 1) * width; ++d)
          mixed[d] += weights[n] / total * value[d];
      }
    }
    at::Tensor row = at::empty({1, kHidden});
    for (std::int64_t d = 0; d < kHidden; ++d) row[0][d] = mixed[d];
    return linear("output", row, 0);
  }
};

TEST_F(CrossAttentionTest, EqualsTheFormula) {
  const at::Tensor x = at::randn({1, 1, kHidden}), tokens = at::randn({1, 5, kKey});
  for (const std::vector<bool>& seen :
       {std::vector<bool>(5, true), std::vector<bool>{true, false, true, true, false}}) {
    at::Tensor mask = at::zeros({1, 1, 1, 5});
    for (std::int64_t n = 0; n < 5; ++n)
      if (!seen[n]) mask[0][0][0][n] = -std::numeric_limits<float>::infinity();
    const at::Tensor out = attention_.forward(x, attention_.project(tokens), mask, {});
    const std::vector<double> wanted = by_hand(x[0], tokens[0], seen);
    for (std::int64_t d = 0; d < kHidden; ++d)
      EXPECT_NEAR(out[0][0][d].item<double>(), wanted[d], 1e-5) << d;
  }
}

TEST_F(CrossAttentionTest, RowsShareAMemory) {
  const at::Tensor x = at::randn({6, 3, kHidden}), tokens = at::randn({2, 5, kKey});
  const at::Tensor shared = attention_.forward(x, attention_.project(tokens), {}, {});
  const at::Tensor repeated =
      attention_.forward(x, attention_.project(tokens.repeat_interleave(3, 0)), {}, {});
  EXPECT_TRUE(at::allclose(shared, repeated, 1e-5, 1e-6));
  try {
    attention_.forward(at::randn({5, 3, kHidden}), attention_.project(tokens), {}, {});
    FAIL() << "5 rows cannot share 2 memories";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kShape);
  }
}

TEST_F(CrossAttentionTest, AddsTheResidual) {
  const at::Tensor x = at::randn({1, 3, kHidden}), added = at::randn({1, 3, kHidden});
  const KeyValue memory = attention_.project(at::randn({1, 5, kKey}));
  EXPECT_TRUE(at::allclose(attention_.forward(x, memory, {}, added),
                           attention_.forward(x, memory, {}, {}) + added));
}

}  // namespace
}  // namespace beholder::nn
