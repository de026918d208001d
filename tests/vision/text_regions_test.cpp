#include "vision/text_regions.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "support/text_files.hpp"

namespace beholder::vision {
namespace {

struct Map {
  int height, width;
  std::vector<float> values = std::vector<float>(static_cast<std::size_t>(height) * width, 0.0f);

  void fill(int left, int top, int wide, int high, float value) {
    for (int y = top; y < top + high; ++y)
      for (int x = left; x < left + wide; ++x)
        values[static_cast<std::size_t>(y) * width + x] = value;
  }
  std::vector<TextRegion> regions(int page_height, int page_width) const {
    return text_regions(values.data(), height, width, page_height, page_width);
  }
};

// A marked part of 60 x 12 px spans, widened, 60 x 12 between its outermost pixels' middles; it
// grows by 1.6 · 720 / 144 = 8 px on each side, and the page is twice as large.
TEST(TextRegions, GrowWhatIsMarkedAndScaleItToThePage) {
  Map map{96, 160};
  map.fill(40, 30, 60, 12, 0.9f);
  const std::vector<TextRegion> found = map.regions(192, 320);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_NEAR(found[0].score, 0.9 * 60 * 12 / (61 * 13), 0.005);  // the widened edge counts
  const std::array<Corner, 4> expected = {{{64, 44}, {216, 44}, {216, 100}, {64, 100}}};
  for (std::size_t i = 0; i < 4; ++i)
    for (std::size_t axis = 0; axis < 2; ++axis)
      EXPECT_NEAR(found[0].corners[i][axis], expected[i][axis], 3) << i << " " << axis;
}

TEST(TextRegions, LeaveOutTheFaintAndTheTiny) {
  Map map{96, 160};
  map.fill(10, 10, 60, 12, 0.4f);  // above the threshold of a pixel, its mean below a region's
  map.fill(100, 50, 3, 2, 1.0f);
  EXPECT_TRUE(map.regions(96, 160).empty());
  map.fill(10, 60, 60, 12, 0.7f);
  EXPECT_EQ(map.regions(96, 160).size(), 1u);
}

TEST(TextRegions, CornersBeginAtTheUpperLeftOfTurnedLines) {
  cv::Mat map(200, 200, CV_32F, cv::Scalar(0));
  const cv::RotatedRect line({100, 100}, {120, 20}, 20);  // falls to the right
  std::array<cv::Point2f, 4> points;
  line.points(points.data());
  std::vector<cv::Point> polygon(points.begin(), points.end());
  cv::fillPoly(map, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(1));
  const auto found = text_regions(map.ptr<float>(), 200, 200, 200, 200);
  ASSERT_EQ(found.size(), 1u);
  const auto& c = found[0].corners;
  EXPECT_LT(c[0][0], c[1][0]);
  EXPECT_LT(c[0][1], c[1][1]);  // falls
  EXPECT_NEAR(std::atan2(c[1][1] - c[0][1], c[1][0] - c[0][0]) * 180 / M_PI, 20, 2);
  EXPECT_GT(c[3][1], c[0][1]);
}

/// Red on the left half, blue on the right one.
Image two_colors(int width, int height) {
  Image out{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3)};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      out.rgb[(static_cast<std::size_t>(y) * width + x) * 3 + (x < width / 2 ? 0 : 2)] = 255;
  return out;
}

TEST(Straightened, CutsLevelLinesAndTurnsUprightOnes) {
  const Image page = two_colors(100, 80);
  const Image level = straightened(page, {{{10, 10}, {90, 10}, {90, 40}, {10, 40}}});
  EXPECT_EQ(level.width, 80);
  EXPECT_EQ(level.height, 30);
  EXPECT_EQ(level.rgb[0], 255);           // red on the left
  EXPECT_EQ(level.rgb[3 * 79 + 2], 255);  // blue on the right
  const Image upright = straightened(page, {{{40, 5}, {60, 5}, {60, 75}, {40, 75}}});
  EXPECT_EQ(upright.width, 70);
  EXPECT_EQ(upright.height, 20);
  // Turned a quarter to the left: what was on the right is on top.
  EXPECT_EQ(upright.rgb[2], 255);
  EXPECT_EQ(upright.rgb[3 * (19 * 70)], 255);
  const Image turned = turned_half(level);
  EXPECT_EQ(turned.rgb[2], 255);
  Image broken = page;
  broken.rgb.pop_back();
  EXPECT_EQ(tests::error_of([&] { turned_half(broken); }).code(), ErrorCode::kShape);
}

}  // namespace
}  // namespace beholder::vision
