#include "nn/attention.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "beholder/error.hpp"
#include "nn/transformer_layer.hpp"

namespace beholder::nn {
namespace {

constexpr std::int64_t kHidden = 8, kHeads = 2, kKey = 6;

class AttentionTest : public ::testing::Test {
 protected:
  TrainableParameters source_{{}, {}, 9};
  MultiHeadAttention attention_{source_, "a", kHidden, kHeads, kKey};

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

TEST_F(AttentionTest, EqualsTheFormula) {
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

TEST_F(AttentionTest, RowsShareAMemory) {
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

TEST_F(AttentionTest, AddsTheResidual) {
  const at::Tensor x = at::randn({1, 3, kHidden}), added = at::randn({1, 3, kHidden});
  const KeyValue memory = attention_.project(at::randn({1, 5, kKey}));
  EXPECT_TRUE(at::allclose(attention_.forward(x, memory, {}, added),
                           attention_.forward(x, memory, {}, {}) + added));
}

// Token by token, with rows that go on from others, as all of each row's tokens at once.
TEST(MultiHeadAttention, StepsEqualOneCausalPass) {
  TrainableParameters source({}, {}, 9);
  const MultiHeadAttention attention(source, "a", kHidden, kHeads, kHidden);
  const c10::NoGradGuard no_grad;
  KeyValueCache cache;
  const std::vector<std::int64_t> origins{2, 0, 2, 1};
  const at::Tensor early = at::randn({3, 2, kHidden}), late = at::randn({4, 2, kHidden});
  at::Tensor last;
  for (std::int64_t t = 0; t < 4; ++t) {
    if (t == 2) cache.select(origins);
    const at::Tensor& from = t < 2 ? early : late;
    last = attention.step(from.slice(1, t % 2, t % 2 + 1), cache, 0, {});
    cache.advance();
  }
  const at::Tensor whole =
      at::cat({early.index_select(0, at::tensor(origins, at::kLong)), late}, 1);  // (4, 4, D)
  const at::Tensor wanted =
      attention.forward(whole.slice(1, 3, 4), attention.project(whole), {}, {});
  EXPECT_TRUE(at::allclose(last, wanted, 1e-5, 1e-6));
}

// Central differences of the loss in single coordinates of every parameter of an encoder layer.
TEST(EncoderLayer, GradientsEqualFiniteDifferences) {
  TrainableParameters source({}, {}, 4);
  const EncoderLayer layer(source, "l", 8, 2, 12, 1e-5);
  const at::Tensor x = at::randn({2, 4, 8}), weight = at::randn({2, 4, 8});
  const auto loss = [&] { return (layer.forward(x) * weight).sum(); };
  loss().backward();
  for (const auto& [name, value] : source.all()) {
    ASSERT_TRUE(value.grad().defined()) << name;
    const c10::NoGradGuard no_grad;
    at::Tensor flat = value.detach().view({-1});
    for (const std::int64_t i : {std::int64_t{0}, flat.size(0) / 2, flat.size(0) - 1}) {
      constexpr double kStep = 1e-2;
      const float before = flat[i].item<float>();
      flat[i] = before + kStep;
      const double above = loss().item<double>();
      flat[i] = before - kStep;
      const double below = loss().item<double>();
      flat[i] = before;
      const double wanted = (above - below) / (2 * kStep);
      EXPECT_NEAR(value.grad().view({-1})[i].item<double>(), wanted, 2e-3 + 0.02 * std::abs(wanted))
          << name << " " << i;
    }
  }
}

}  // namespace
}  // namespace beholder::nn
