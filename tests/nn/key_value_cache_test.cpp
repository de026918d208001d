#include "nn/key_value_cache.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder::nn {
namespace {

/// What a cache that holds `past` makes of `added` when it goes on from the rows `kept`.
at::Tensor extended(const at::Tensor& past, const at::Tensor& kept, const at::Tensor& added) {
  KeyValueCache cache;
  cache.extend(0, {past, past});
  cache.advance(past.size(2));
  cache.select(kept);
  const KeyValue out = cache.extend(0, {added, added});
  EXPECT_TRUE(at::equal(out.key, out.value));
  cache.advance(1);
  EXPECT_EQ(cache.length(), past.size(2) + 1);
  return out.key;
}

TEST(KeyValueCache, IsSelectionAndConcatenation) {
  const at::Tensor past = at::rand({5, 2, 3, 4}), added = at::rand({7, 2, 1, 4});
  const at::Tensor kept = at::tensor({4, 0, 0, 2, 1, 3, 4}, at::kLong);
  const at::Tensor expected = at::cat({past.index_select(0, kept), added}, 2);
  EXPECT_TRUE(at::equal(extended(past, kept, added), expected));
  EXPECT_TRUE(at::equal(extended(past.transpose(1, 2).contiguous().transpose(1, 2), kept,
                                 added.transpose(2, 3).contiguous().transpose(2, 3)),
                        expected));
  EXPECT_TRUE(at::equal(extended(past, {}, added.slice(0, 0, 5)),
                        at::cat({past, added.slice(0, 0, 5)}, 2)));
  EXPECT_THROW(extended(past, {}, added), Error);
  EXPECT_THROW(extended(past, kept, at::rand({7, 2, 2, 4})), Error);
}

TEST(KeyValueCache, SelectsForOneStepAlone) {
  KeyValueCache cache;
  const at::Tensor one = at::rand({1, 2, 1, 4});
  for (std::size_t layer : {0, 1}) cache.extend(layer, {one, one});
  cache.advance(1);
  cache.select(at::tensor({0, 0}, at::kLong));
  const at::Tensor two = at::rand({2, 2, 1, 4});
  for (std::size_t layer : {0, 1})
    EXPECT_EQ(cache.extend(layer, {two, two}).key.sizes(), (std::vector<std::int64_t>{2, 2, 2, 4}));
  cache.advance(1);
  EXPECT_EQ(cache.extend(0, {two, two}).key.size(2), 3) << "all rows again";
}

}  // namespace
}  // namespace beholder::nn
