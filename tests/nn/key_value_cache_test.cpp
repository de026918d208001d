#include "nn/key_value_cache.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder::nn {
namespace {

using Ints = std::vector<std::int64_t>;

/// A step of two layers whose keys and values are all `value` plus the row.
void write(KeyValueCache& cache, std::int64_t rows, float value) {
  const at::Tensor token = at::arange(rows, at::kFloat).unsqueeze(1).expand({rows, 4}) + value;
  for (std::size_t layer : {0, 1}) cache.extend(layer, token, -token);
  cache.advance();
}

TEST(KeyValueCache, FollowsHypothesesWithoutMovingWhatIsWritten) {
  KeyValueCache cache;
  EXPECT_EQ(cache.length(), 0);
  write(cache, 1, 100);
  cache.select({0, 0, 0});
  write(cache, 3, 200);
  const void* const written = cache.keys(1).front().data_ptr();
  cache.select({2, 0});
  write(cache, 2, 300);
  EXPECT_EQ(cache.length(), 3);
  EXPECT_EQ(cache.origins(), (Ints{0, 2, 0, 0, 0, 1}));
  cache.select({1, 1, 0});
  write(cache, 3, 400);
  EXPECT_EQ(cache.origins(), (Ints{0, 0, 1, 0, 0, 0, 1, 1, 0, 2, 0, 2}));
  EXPECT_EQ(cache.keys(1).front().data_ptr(), written);
  ASSERT_EQ(cache.keys(0).size(), 4u);
  EXPECT_EQ(cache.keys(0)[1][2][3].item<float>(), 202);
  EXPECT_EQ(cache.values(1)[3][1][0].item<float>(), -401);
}

TEST(KeyValueCache, GoesOnFromAllRowsUnlessToldOtherwise) {
  KeyValueCache cache;
  write(cache, 2, 1);
  write(cache, 2, 2);
  EXPECT_EQ(cache.origins(), (Ints{0, 0, 1, 1}));
}

TEST(KeyValueCache, RefusesRowsThatItDoesNotHold) {
  KeyValueCache cache;
  EXPECT_THROW(cache.select({0}), Error) << "nothing is written yet";
  write(cache, 2, 1);
  EXPECT_THROW(cache.select({0, 2}), Error);
  EXPECT_THROW(cache.select({-1}), Error);
  const at::Tensor three = at::zeros({3, 4}), two = at::zeros({2, 4});
  EXPECT_THROW(cache.extend(0, three, three), Error);
  EXPECT_THROW(cache.extend(0, two, three), Error);
  EXPECT_THROW(cache.extend(0, two.unsqueeze(1), two.unsqueeze(1)), Error);
  cache.select({0, 0, 1});
  cache.extend(0, three, three);
  EXPECT_THROW(cache.extend(1, two, two), Error) << "all layers have the rows of the first";
}

}  // namespace
}  // namespace beholder::nn
