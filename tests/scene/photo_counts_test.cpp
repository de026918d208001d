#include "scene/photo_counts.hpp"

#include <gtest/gtest.h>

namespace beholder::scene {
namespace {

TEST(PhotoCounts, AreTheExpectedNumberALittleRaised) {
  EXPECT_FALSE(count_things({}));
  EXPECT_EQ(count_things({0.2})->number, 1) << "who asks sees some";
  EXPECT_EQ(count_things({0.99})->number, 1);
  EXPECT_EQ(count_things({0.98, 0.97})->number, 2);
  EXPECT_EQ(count_things({0.98, 0.97, 0.6, 0.4})->number, 3);
}

TEST(PhotoCounts, AreLessSureOfFaintThingsAndOfMany) {
  const double one = count_things({0.99})->confidence;
  EXPECT_GT(one, 0.75);
  EXPECT_LT(one, 1);
  EXPECT_GT(one, count_things({0.5})->confidence);
  EXPECT_GT(count_things({0.95, 0.95})->confidence, count_things({0.95, 0.5})->confidence);
  const std::vector<double> crowd(30, 0.7);
  EXPECT_LT(count_things(crowd)->confidence, 0.4);
}

}  // namespace
}  // namespace beholder::scene
