#include "nn/key_value_cache.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder::nn {
namespace {

/// Two layers' keys and values of `tokens` tokens, all `value` plus the row plus a tenth a token.
void write(KeyValueCache& cache, std::int64_t rows, float value, std::int64_t tokens = 1) {
  const at::Tensor written = at::arange(rows, at::kFloat).view({rows, 1, 1}) +
                             at::arange(tokens, at::kFloat).view({1, tokens, 1}) / 10 + value +
                             at::zeros({1, 1, 4});
  for (std::size_t layer : {0, 1}) cache.extend(layer, written, -written);
}

at::Tensor table(std::int64_t rows, const std::vector<float>& values) {
  return at::tensor(at::ArrayRef<float>(values)).view({rows, -1});
}

/// What the rows go on from, by the first number of each token's key.
at::Tensor keys(const KeyValueCache& cache, std::size_t layer = 0) {
  return cache.gathered(layer).first.select(2, 0);
}

TEST(KeyValueCache, FollowsHypothesesWithoutMovingWhatIsWritten) {
  KeyValueCache cache;
  EXPECT_EQ(cache.length(), 0);
  write(cache, 1, 100);
  cache.select({0, 0, 0});
  write(cache, 3, 200);
  const float* const first = cache.written(1).keys[0];
  cache.select({2, 0});
  write(cache, 2, 300);
  EXPECT_EQ(cache.length(), 3);
  EXPECT_TRUE(at::equal(keys(cache), table(2, {100, 202, 300, 100, 200, 301})));
  cache.select({1, 1, 0});
  write(cache, 3, 400);
  const at::Tensor wanted = table(3, {100, 200, 301, 400,  //
                                      100, 200, 301, 401,  //
                                      100, 202, 300, 402});
  EXPECT_TRUE(at::equal(keys(cache, 1), wanted));
  EXPECT_EQ(cache.written(1).keys[0], first);
  EXPECT_TRUE(at::equal(cache.gathered(1).second, -cache.gathered(1).first));
}

TEST(KeyValueCache, TakesManyTokensAtOnce) {
  KeyValueCache cache;
  write(cache, 2, 10, 3);
  cache.select({1, 1, 0});
  write(cache, 3, 50, 2);
  EXPECT_EQ(cache.length(), 5);
  const at::Tensor wanted = table(3, {11, 11.1, 11.2, 50, 50.1,  //
                                      11, 11.1, 11.2, 51, 51.1,  //
                                      10, 10.1, 10.2, 52, 52.1});
  EXPECT_TRUE(at::allclose(keys(cache), wanted));
}

TEST(KeyValueCache, GrowsBeyondABlock) {
  KeyValueCache cache;
  const std::int64_t rows = kernels::kTokenBlock - 50;
  for (int t = 0; t < 3; ++t) write(cache, rows, 1000.0f * static_cast<float>(t));
  const at::Tensor row = at::arange(rows, at::kFloat);
  EXPECT_TRUE(at::equal(keys(cache), at::stack({row, row + 1000, row + 2000}, 1)));
  const kernels::WrittenTokens written = cache.written(0);
  const std::int64_t place = written.places[3 * rows - 1];
  EXPECT_EQ(written.keys[place / kernels::kTokenBlock][place % kernels::kTokenBlock * 4],
            2000 + rows - 1);
}

TEST(KeyValueCache, RefusesRowsThatItDoesNotHold) {
  KeyValueCache cache;
  EXPECT_THROW(cache.select({0}), Error) << "nothing is written yet";
  write(cache, 2, 1);
  EXPECT_THROW(cache.select({0, 2}), Error);
  EXPECT_THROW(cache.select({-1}), Error);
  const at::Tensor three = at::zeros({3, 1, 4}), two = at::zeros({2, 1, 4});
  EXPECT_THROW(cache.extend(0, three, three), Error);
  EXPECT_THROW(cache.extend(0, two, three), Error);
  EXPECT_THROW(cache.extend(0, two.squeeze(1), two.squeeze(1)), Error);
  cache.select({0, 0, 1});
  cache.extend(0, three, three);
  EXPECT_THROW(cache.extend(1, two, two), Error) << "all layers have the rows of the first";
}

}  // namespace
}  // namespace beholder::nn
