#include "core/permutation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace beholder {
namespace {

TEST(Permutation, HasEachOnceAndFollowsTheSeed) {
  const auto order = permutation(100, 7);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::int64_t i = 0; i < 100; ++i) EXPECT_EQ(sorted[i], i);
  EXPECT_EQ(order, permutation(100, 7));
  EXPECT_NE(order, permutation(100, 8));
  EXPECT_NE(order, sorted);
  EXPECT_TRUE(permutation(0, 1).empty());
}

TEST(SomeOf, KeepsAtMostSoMany) {
  const std::vector<std::string> items = {"a", "b", "c", "d"};
  EXPECT_EQ(some_of(items, 2, 1).size(), 2u);
  const auto all = some_of(items, 9, 1);
  EXPECT_EQ(std::set<std::string>(all.begin(), all.end()).size(), 4u);
}

}  // namespace
}  // namespace beholder
