#include "vision/merge_boxes.hpp"

#include <gtest/gtest.h>

namespace beholder::vision {
namespace {

ScoredBox claim(std::array<float, 4> box, std::size_t kind, float score) {
  return {box, kind, score};
}

TEST(MergeBoxes, OverlapIsOverUnion) {
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 0.5f, 1}, {0.25f, 0, 0.75f, 1}), 1.0f / 3);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 1, 1}, {0, 0, 1, 1}), 1);
  EXPECT_FLOAT_EQ(intersection_over_union({0, 0, 0.4f, 1}, {0.5f, 0, 1, 1}), 0);
  EXPECT_FLOAT_EQ(intersection_over_union({0.5f, 0, 0.5f, 1}, {0.5f, 0, 0.5f, 1}), 0) << "no area";
}

// Both looks see the first thing; the second has the higher score, and the mean box leans to it.
TEST(MergeBoxes, LooksAtOneThingBecomeOneBox) {
  const auto merged =
      merge_boxes({{claim({0.1f, 0, 0.5f, 1}, 3, 0.3f)}, {claim({0.2f, 0, 0.5f, 1}, 3, 0.6f)}});
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_EQ(merged[0].kind, 3u);
  EXPECT_EQ(merged[0].scores, (std::vector<float>{0.3f, 0.6f}));
  EXPECT_NEAR(merged[0].box[0], (0.3 * 0.1 + 0.6 * 0.2) / 0.9, 1e-6);
}

TEST(MergeBoxes, OtherKindsAndOtherPlacesStayApart) {
  const auto merged =
      merge_boxes({{claim({0, 0, 0.4f, 1}, 0, 0.4f), claim({0, 0, 0.4f, 1}, 1, 0.5f),
                    claim({0.5f, 0, 1, 1}, 0, 0.9f)}});
  ASSERT_EQ(merged.size(), 3u);
  EXPECT_EQ(merged[0].scores, std::vector<float>{0.9f}) << "highest first";
  EXPECT_EQ(merged[1].kind, 1u);
  EXPECT_EQ(merged[2].kind, 0u);
}

// Half of it is shared: too much to be another thing, too little to speak for this one.
TEST(MergeBoxes, ALowerClaimNearbyIsDropped) {
  const auto merged =
      merge_boxes({{claim({0, 0, 0.4f, 1}, 0, 0.8f), claim({0, 0, 0.8f, 1}, 0, 0.7f)}});
  ASSERT_EQ(merged.size(), 1u);
  EXPECT_NEAR(merged[0].box[2], 0.4, 1e-6);
}

TEST(MergeBoxes, ABoxWithoutAreaIsNoThing) {
  EXPECT_TRUE(merge_boxes({{claim({0.2f, 0, 0.2f, 1}, 0, 0.8f)}, {}}).empty());
}

}  // namespace
}  // namespace beholder::vision
