#include "nn/kernels/token_attention.hpp"

#include <gtest/gtest.h>
#include <omp.h>

#include <cmath>
#include <vector>

#include "beholder/error.hpp"
#include "reference.hpp"

namespace beholder::nn::kernels {
namespace {

using reference::random_floats;
using reference::worst_error;

struct Case {
  std::int64_t rows, heads, size, tokens;
};

/// Rows that go on from others: each token's array has fewer rows than the last.
struct Written {
  explicit Written(const Case& c, float spread) {
    std::vector<std::int64_t> first;  // of each token's rows, the place
    std::int64_t all = 0;
    for (std::int64_t t = 0; t < c.tokens; ++t) {
      first.push_back(all);
      all += std::min(c.rows, t + 1);
    }
    const std::int64_t width = c.heads * c.size;
    const std::int64_t blocks = (all + kTokenBlock - 1) / kTokenBlock;
    keys = random_floats(blocks * kTokenBlock * width, 7, spread);
    values = random_floats(blocks * kTokenBlock * width, 8, 1.0f);
    for (std::int64_t block = 0; block < blocks; ++block) {
      key_blocks.push_back(keys.data() + block * kTokenBlock * width);
      value_blocks.push_back(values.data() + block * kTokenBlock * width);
    }
    for (std::int64_t row = 0; row < c.rows; ++row)
      for (std::int64_t t = 0; t < c.tokens; ++t)
        places.push_back(first[t] + (row * 5 + t * 3) % std::min(c.rows, t + 1));
    tokens = {c.tokens, key_blocks.data(), value_blocks.data(), places.data()};
  }
  std::vector<float> keys, values;
  std::vector<const float*> key_blocks, value_blocks;
  std::vector<std::int64_t> places;
  WrittenTokens tokens;
};

std::vector<double> naive(const std::vector<float>& q, const Written& written, const Case& c,
                          double scale) {
  std::vector<double> y(q.size(), 0.0);
  for (std::int64_t row = 0; row < c.rows; ++row)
    for (std::int64_t h = 0; h < c.heads; ++h) {
      const auto place = [&](std::int64_t t) {
        return (written.places[row * c.tokens + t] * c.heads + h) * c.size;
      };
      const std::int64_t own = (row * c.heads + h) * c.size;
      std::vector<double> weights;
      double highest = -INFINITY, sum = 0;
      for (std::int64_t t = 0; t < c.tokens; ++t) {
        double score = 0;
        for (std::int64_t i = 0; i < c.size; ++i)
          score += scale * q[own + i] * written.keys[place(t) + i];
        weights.push_back(score);
        highest = std::max(highest, score);
      }
      for (double& weight : weights) sum += weight = std::exp(weight - highest);
      for (std::int64_t t = 0; t < c.tokens; ++t)
        for (std::int64_t i = 0; i < c.size; ++i)
          y[own + i] += weights[t] / sum * written.values[place(t) + i];
    }
  return y;
}

TEST(TokenAttention, EqualsLoopsOverManyShapes) {
  for (const Case& c :
       {Case{1, 1, 1, 1}, Case{1, 8, 32, 1}, Case{20, 8, 32, 13}, Case{3, 12, 64, 40},
        Case{7, 3, 5, 6}, Case{300, 8, 32, 18}, Case{2, 2, 80, 3}})
    for (const float spread : {1.0f, 10.0f}) {
      const auto q = random_floats(c.rows * c.heads * c.size, 1, spread);
      const Written written(c, spread);
      const float scale = 1.0f / std::sqrt(float(c.size));
      std::vector<float> y(q.size(), NAN);
      token_attention(q.data(), c.rows, c.heads, c.size, written.tokens, scale, y.data());
      EXPECT_LT(worst_error(y, naive(q, written, c, scale)), spread > 1 ? 1e-4 : 2e-6)
          << c.rows << " rows, " << c.heads << " heads of " << c.size << ", " << c.tokens;
    }
}

TEST(TokenAttention, RowsDoNotDependOnThreadsOrOnOtherRows) {
  const Case c{300, 8, 32, 18};
  const auto q = random_floats(c.rows * c.heads * c.size, 1);
  const Written written(c, 1);
  std::vector<float> together(q.size()), apart(q.size());
  const int threads = omp_get_max_threads();
  omp_set_num_threads(2);
  token_attention(q.data(), c.rows, c.heads, c.size, written.tokens, 0.2f, together.data());
  omp_set_num_threads(threads);
  const std::int64_t width = c.heads * c.size;
  for (std::int64_t row = 0; row < c.rows; ++row) {
    WrittenTokens tokens = written.tokens;
    tokens.places += row * c.tokens;
    token_attention(q.data() + row * width, 1, c.heads, c.size, tokens, 0.2f,
                    apart.data() + row * width);
  }
  EXPECT_EQ(together, apart);
}

TEST(TokenAttention, RefusesBadArguments) {
  const Written written({1, 1, 4, 1}, 1);
  std::vector<float> q(4), y(4);
  const auto attend = [&](std::int64_t rows, const WrittenTokens& tokens, const float* query) {
    token_attention(query, rows, 1, 4, tokens, 1.0f, y.data());
  };
  EXPECT_THROW(attend(0, written.tokens, q.data()), Error);
  EXPECT_THROW(attend(1, {}, q.data()), Error);
  EXPECT_THROW(attend(1, {1, nullptr, nullptr, nullptr}, q.data()), Error);
  EXPECT_THROW(attend(1, written.tokens, nullptr), Error);
}

}  // namespace
}  // namespace beholder::nn::kernels
