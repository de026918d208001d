#include "label_layout.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace beholder::cli {
namespace {

bool meet(const Area& a, const Area& b) {
  return std::min(a.right, b.right) > std::max(a.left, b.left) &&
         std::min(a.bottom, b.bottom) > std::max(a.top, b.top);
}

void expect_free(const std::vector<Area>& boxes, const LabelLayout& found, Extent picture) {
  EXPECT_EQ(found.hidden, 0);
  ASSERT_EQ(found.labels.size(), boxes.size());
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Area& label = found.labels[i];
    EXPECT_TRUE(label.left >= 0 && label.top >= 0 && label.right <= picture.width &&
                label.bottom <= picture.height)
        << i;
    for (std::size_t k = 0; k < boxes.size(); ++k) {
      EXPECT_FALSE(meet(label, boxes[k])) << i << " on box " << k;
      EXPECT_TRUE(k == i || !meet(label, found.labels[k])) << i << " on label " << k;
    }
  }
}

TEST(LabelLayout, StandsAboveItsBoxWhereThereIsRoom) {
  const std::vector<Area> boxes = {{100, 100, 150, 150}};
  const LabelLayout found = place_labels(boxes, {{60, 12}}, {320, 240});
  EXPECT_EQ(found.labels[0].left, 100);
  EXPECT_EQ(found.labels[0].bottom, 100);
  expect_free(boxes, found, {320, 240});
}

TEST(LabelLayout, ObjectsAtEveryBorderAndCorner) {
  const Extent picture{320, 240};
  const std::vector<Area> boxes = {{0, 0, 40, 40},       {280, 0, 320, 40},   {0, 200, 40, 240},
                                   {280, 200, 320, 240}, {140, 0, 180, 30},   {140, 210, 180, 240},
                                   {0, 100, 30, 140},    {290, 100, 320, 140}};
  expect_free(boxes, place_labels(boxes, std::vector<Extent>(boxes.size(), {90, 14}), picture),
              picture);
}

TEST(LabelLayout, ARowOfObjectsThatAreNarrowerThanTheirLabels) {
  const Extent picture{480, 320};
  std::vector<Area> boxes;
  for (int i = 0; i < 10; ++i) boxes.push_back({20 + 42 * i, 140, 50 + 42 * i, 170});
  expect_free(boxes, place_labels(boxes, std::vector<Extent>(boxes.size(), {110, 14}), picture),
              picture);
}

TEST(LabelLayout, ObjectsThatOverlap) {
  const Extent picture{480, 320};
  const std::vector<Area> boxes = {
      {100, 100, 200, 200}, {120, 110, 220, 210}, {150, 90, 180, 190}, {100, 100, 200, 200}};
  expect_free(boxes, place_labels(boxes, std::vector<Extent>(boxes.size(), {100, 14}), picture),
              picture);
}

TEST(LabelLayout, WithoutRoomLabelsStillCoverNoOtherLabel) {
  const Extent picture{200, 100};
  const std::vector<Area> boxes = {{0, 0, 200, 100}, {0, 0, 200, 100}, {10, 10, 190, 90}};
  const LabelLayout found = place_labels(boxes, {{80, 14}, {80, 14}, {80, 14}}, picture);
  EXPECT_GT(found.hidden, 0);  // it is told that objects are covered
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < i; ++k) EXPECT_FALSE(meet(found.labels[i], found.labels[k]));
}

TEST(LabelLayout, NoLabelAndOneLargerThanThePicture) {
  const LabelLayout found =
      place_labels({{0, 0, 5, 5}, {1, 1, 3, 3}}, {{0, 0}, {90, 20}}, {40, 10});
  EXPECT_EQ(found.labels[0].width(), 0);
  EXPECT_EQ(found.labels[1].left, 0);
  EXPECT_EQ(found.labels[1].top, 0);
}

}  // namespace
}  // namespace beholder::cli
