// What holds of sizes and tiles for every picture, the reference's own numbers apart.
#include "vision/preprocess/image_geometry.hpp"

#include <random>

#include "vision/image_test_support.hpp"

namespace beholder::vision {
namespace {

const std::vector<ImageSize> kExtremes = {{1, 1},        {1, 2000}, {2000, 1},  {16384, 1},
                                          {1, 16384},    {3, 2},    {640, 480}, {480, 641},
                                          {12000, 9000}, {513, 512}};

std::vector<ImageSize> pictures() {
  std::vector<ImageSize> all = kExtremes;
  std::mt19937 random(1);
  std::uniform_int_distribution<int> side(1, 3000);
  for (int i = 0; i < 300; ++i) all.push_back({side(random), side(random)});
  return all;
}

std::string name_of(const ImageSize& size) {
  return std::to_string(size.width) + "x" + std::to_string(size.height);
}

TEST(ResizedSize, TheShortestEdgeIsWhatWasAsked) {
  for (const ImageSize& picture : pictures()) {
    SCOPED_TRACE(name_of(picture));
    const ImageSize size = resized_size(ResizeRule::shortest(224), picture);
    EXPECT_EQ(std::min(size.width, size.height), 224);
    // The other side keeps the shape to less than a pixel.
    const double shorter = std::min(picture.width, picture.height);
    const double longer = std::max(picture.width, picture.height);
    EXPECT_NEAR(std::max(size.width, size.height), 224 * longer / shorter, 1);
  }
}

TEST(ResizedSize, ABoundOnTheLongerEdgeHolds) {
  ResizeRule rule = ResizeRule::shortest(800);
  rule.longest_edge = 1333;
  for (const ImageSize& picture : pictures()) {
    SCOPED_TRACE(name_of(picture));
    const ImageSize size = resized_size(rule, picture);
    // The shorter side is rounded first, and where it is what it should be the picture is kept, as
    // by the reference.
    EXPECT_TRUE(std::max(size.width, size.height) <= 1334 || size == picture) << name_of(size);
    EXPECT_LE(std::min(size.width, size.height), 800);
    EXPECT_GE(std::min(size.width, size.height), 1);
  }
}

TEST(ResizedSize, TheLongestEdgeIsWhatWasAskedAndTheOtherEven) {
  for (const int edge : {32, 512, 2048, 4096})
    for (const ImageSize& picture : pictures()) {
      SCOPED_TRACE(name_of(picture));
      const ImageSize size = resized_size(ResizeRule::longest(edge), picture);
      EXPECT_EQ(std::max(size.width, size.height), edge);
      const int other = std::min(size.width, size.height);
      EXPECT_TRUE(other == 1 || other % 2 == 0) << other;
    }
  EXPECT_EQ(resized_size(ResizeRule::longest(8000), {640, 480}), (ImageSize{4096, 3072}));
}

TEST(ResizedSize, WhatFitsInsideTouchesABound) {
  ResizeRule rule = ResizeRule::exact(300, 200);
  rule.fit = ResizeRule::Fit::kInside;
  for (const ImageSize& picture : pictures()) {
    SCOPED_TRACE(name_of(picture));
    const ImageSize size = resized_size(rule, picture);
    EXPECT_TRUE(size.width <= 300 && size.height <= 200);
    EXPECT_TRUE(size.width >= 299 || size.height >= 199) << name_of(size);
  }
}

TEST(ResizedSize, BothSidesAreMultiplesOfADivisor) {
  ResizeRule rule = ResizeRule::shortest(384);
  rule.size_divisor = 32;
  for (const ImageSize& picture : pictures()) {
    SCOPED_TRACE(name_of(picture));
    const ImageSize size = resized_size(rule, picture);
    EXPECT_TRUE(size.width % 32 == 0 && size.height % 32 == 0) << name_of(size);
    EXPECT_TRUE(size.width >= 32 && size.height >= 32);
    EXPECT_LE(std::max(size.width, size.height), 639);
  }
}

TEST(ResizedSize, ASideIsRoundedBeforeItIsDivided) {
  ResizeRule rule = ResizeRule::shortest(64);
  rule.size_divisor = 32;
  EXPECT_EQ(resized_size(rule, {83, 124}), (ImageSize{64, 96}));  // 95.6 px, as by the reference
}

TEST(ResizedSize, RefusesASideBeyondAllMeasure) {
  EXPECT_EQ(code_thrown(
                [] {
                  resized_size(ResizeRule::shortest(8192), {1, 1 << 20});
                },
                "1x1048576"),
            ErrorCode::kPictureTooLarge);
}

TEST(PlanTiles, TilesCoverThePictureAndKeepTheBound) {
  for (const int tile : {37, 512})
    for (const int bound : {0, 1, 2, 5, 12, 1000})
      for (const ImageSize& picture : pictures()) {
        SCOPED_TRACE(name_of(picture) + " in tiles of " + std::to_string(tile));
        const TilePlan plan = plan_tiles(ResizeRule::longest(4 * tile), tile, picture, bound);
        EXPECT_LE(plan.rows * plan.columns, bound);
        if (plan.rows == 0) {
          EXPECT_EQ(plan.columns, 0);
          EXPECT_EQ(plan.images(), 1);
          EXPECT_EQ(plan.stretched, (ImageSize{tile, tile}));
        } else {
          EXPECT_GE(plan.rows * plan.columns, 2);
          EXPECT_EQ(plan.stretched, (ImageSize{plan.columns * tile, plan.rows * tile}));
          EXPECT_GE(plan.stretched.width, plan.resized.width);
          EXPECT_GE(plan.stretched.height, plan.resized.height);
        }
      }
}

TEST(PlanTiles, ALargerBoundNeverMeansFewerTiles) {
  for (const ImageSize& picture : pictures()) {
    int before = 0;
    for (int bound = 0; bound <= 17; ++bound) {
      const TilePlan plan = plan_tiles(ResizeRule::longest(2048), 512, picture, bound);
      EXPECT_GE(plan.rows * plan.columns, before) << name_of(picture) << " " << bound;
      before = plan.rows * plan.columns;
    }
    EXPECT_GE(before, 4) << name_of(picture);  // what is asked for without a bound
  }
}

}  // namespace
}  // namespace beholder::vision
