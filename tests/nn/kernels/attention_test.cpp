#include "nn/kernels/attention.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <thread>
#include <vector>

#include "beholder/error.hpp"
#include "reference.hpp"

namespace beholder::nn::kernels {
namespace {

using reference::random_floats;
using reference::worst_error;

struct Case {
  std::int64_t batch, heads, queries, keys, size;
};

std::vector<double> naive(const std::vector<float>& q, const std::vector<float>& k,
                          const std::vector<float>& v, const Case& c,
                          const AttentionOptions& options) {
  const double scale = 1 / std::sqrt(double(c.size));
  std::vector<double> y(c.batch * c.queries * c.heads * c.size, 0.0);
  for (std::int64_t b = 0; b < c.batch; ++b)
    for (std::int64_t h = 0; h < c.heads; ++h)
      for (std::int64_t t = 0; t < c.queries; ++t) {
        const float* const query = &q[((b * c.heads + h) * c.queries + t) * c.size];
        const std::int64_t offset = (b * c.heads + h) * c.keys * c.size;
        std::vector<double> weights;
        double highest = -INFINITY, sum = 0;
        for (std::int64_t n = 0; n < c.keys; ++n) {
          double score = 0;
          for (std::int64_t i = 0; i < c.size; ++i)
            score += scale * query[i] * k[offset + n * c.size + i];
          const bool seen = !options.causal || n - t <= c.keys - c.queries;
          weights.push_back(seen ? score : -INFINITY);
          highest = std::max(highest, weights.back());
        }
        if (highest == -INFINITY) continue;
        for (double& weight : weights) sum += weight = std::exp(weight - highest);
        for (std::int64_t n = 0; n < c.keys; ++n)
          for (std::int64_t i = 0; i < c.size; ++i)
            y[((b * c.queries + t) * c.heads + h) * c.size + i] +=
                weights[n] / sum * v[offset + n * c.size + i];
      }
  return y;
}

double error_of(const Case& c, const AttentionOptions& options, float spread = 1.0f) {
  const auto q = random_floats(c.batch * c.heads * c.queries * c.size, 1, spread);
  const auto k = random_floats(c.batch * c.heads * c.keys * c.size, 2, spread);
  const auto v = random_floats(c.batch * c.heads * c.keys * c.size, 3);
  std::vector<float> y(c.batch * c.queries * c.heads * c.size, NAN);
  attention(q.data(), k.data(), v.data(), c.batch, c.heads, c.queries, c.keys, c.size, y.data(),
            options);
  return worst_error(y, naive(q, k, v, c, options));
}

const Case kCases[] = {{1, 1, 1, 1, 1},     {1, 2, 1, 7, 3},      {2, 3, 2, 33, 16},
                       {1, 12, 1, 200, 64}, {3, 4, 5, 101, 32},   {2, 2, 6, 6, 20},
                       {1, 2, 64, 64, 32},  {1, 3, 130, 130, 64}, {2, 2, 100, 37, 24},
                       {1, 1, 7, 600, 40},  {1, 2, 65, 1, 8}};

TEST(Attention, EqualsLoops) {
  for (const Case& c : kCases) {
    EXPECT_LT(error_of(c, {}), 3e-6) << c.queries << " of " << c.keys;
  }
}

TEST(Attention, CausalQueriesSeeNoLaterKey) {
  AttentionOptions options;
  options.causal = true;
  for (const Case& c : kCases) {  // some have more queries than keys
    EXPECT_LT(error_of(c, options), 3e-6) << c.queries << " of " << c.keys;
  }
}

TEST(Attention, ReadsJointProjectionsWhereTheyLie) {
  for (const std::int64_t tokens : {3, 17, 49, 145}) {
    const Case c{2, 3, tokens, tokens, 16};
    const std::int64_t width = c.heads * c.size, joint = 3 * width;
    const auto tokens_of_all = random_floats(c.batch * tokens * joint, 4);
    std::vector<float> apart[3];  // (B, H, N, d) of queries, keys, values
    for (std::int64_t part = 0; part < 3; ++part)
      for (std::int64_t b = 0; b < c.batch; ++b)
        for (std::int64_t h = 0; h < c.heads; ++h)
          for (std::int64_t t = 0; t < tokens; ++t)
            for (std::int64_t i = 0; i < c.size; ++i)
              apart[part].push_back(
                  tokens_of_all[(b * tokens + t) * joint + part * width + h * c.size + i]);
    AttentionOptions options;
    options.token_stride = joint;
    std::vector<float> y(c.batch * tokens * width, NAN);
    const float* const first = tokens_of_all.data();
    attention(first, first + width, first + 2 * width, c.batch, c.heads, tokens, tokens, c.size,
              y.data(), options);
    EXPECT_LT(worst_error(y, naive(apart[0], apart[1], apart[2], c, {})), 3e-6) << tokens;
  }
}

// Scores of some thousands: without taking the highest away, exp would overflow.
TEST(Attention, IsStableForLargeScores) {
  for (const Case& c : {Case{1, 2, 3, 50, 64}, Case{1, 2, 70, 50, 64}}) {
    EXPECT_LT(error_of(c, {}, 20.0f), 2e-3);
  }
}

TEST(Attention, NewTokensBehindACacheEqualTheWholeSequence) {
  const std::int64_t heads = 3, length = 20, size = 16, width = heads * size;
  const auto q = random_floats(length * width, 1), k = random_floats(q.size(), 2),
             v = random_floats(q.size(), 3);
  AttentionOptions options;
  options.causal = true;
  options.token_stride = width;
  std::vector<float> whole(q.size()), piece(q.size());
  attention(q.data(), k.data(), v.data(), 1, heads, length, length, size, whole.data(), options);
  for (const std::int64_t tokens : {1, 4, 10}) {
    for (std::int64_t t = 0; t < length; t += tokens)
      attention(q.data() + t * width, k.data(), v.data(), 1, heads, tokens, t + tokens, size,
                piece.data() + t * width, options);
    for (std::size_t i = 0; i < whole.size(); ++i) EXPECT_NEAR(piece[i], whole[i], 2e-6);
  }
}

TEST(Attention, TakesEmptyInputsAndRefusesBadArguments) {
  const std::vector<float> x(64, 1.0f);
  std::vector<float> y(8, 7.0f);
  attention(nullptr, nullptr, nullptr, 0, 1, 2, 3, 4, nullptr);
  attention(nullptr, x.data(), x.data(), 1, 1, 0, 3, 4, nullptr);
  attention(x.data(), nullptr, nullptr, 1, 1, 2, 0, 4, y.data());  // no keys: zeros
  EXPECT_EQ(y, std::vector<float>(8, 0.0f));
  const float* const p = x.data();
  EXPECT_THROW(attention(p, p, p, -1, 1, 2, 3, 4, y.data()), Error);
  EXPECT_THROW(attention(p, p, p, 1, 0, 2, 3, 4, y.data()), Error);
  EXPECT_THROW(attention(p, p, p, 1, 1, 2, -3, 4, y.data()), Error);
  EXPECT_THROW(attention(p, p, p, 1, 1, 2, 3, 0, y.data()), Error);
  EXPECT_THROW(attention(nullptr, p, p, 1, 1, 2, 3, 4, y.data()), Error);
  EXPECT_THROW(attention(p, nullptr, p, 1, 1, 2, 3, 4, y.data()), Error);
  EXPECT_THROW(attention(p, p, p, 1, 1, 2, 3, 4, nullptr), Error);
  AttentionOptions options;
  options.token_stride = 3;
  EXPECT_THROW(attention(p, p, p, 1, 1, 2, 3, 4, y.data(), options), Error);
}

TEST(Attention, ServesManyThreadsAtOnce) {
  std::vector<double> errors(2, INFINITY);
  const auto run = [&](int thread) {
    double worst = 0;
    for (const Case& c : kCases) worst = std::max(worst, error_of(c, {}));
    errors[thread] = worst;
  };
  std::thread a(run, 0), b(run, 1);
  a.join();
  b.join();
  EXPECT_LT(errors[0], 3e-6);
  EXPECT_LT(errors[1], 3e-6);
}

}  // namespace
}  // namespace beholder::nn::kernels
