// Evidence on pictures drawn for the test: what is an object, and what is left over.
#include "scene/scene_evidence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/imgproc.hpp>

namespace beholder::scene {
namespace {

const program::Lexicon kLexicon = {{"shape", {"cube", "square", "dog"}},
                                   {"color", {"red", "blue"}}};

/// A white picture, 200 x 100.
cv::Mat paper() { return cv::Mat(100, 200, CV_8UC3, cv::Scalar(255, 255, 255)); }

vision::Image image_of(const cv::Mat& pixels) {
  return {pixels.cols, pixels.rows, {pixels.data, pixels.data + pixels.total() * 3}};
}

/// A red square at 20..60, 30..70.
void draw_square(cv::Mat& pixels) {
  cv::rectangle(pixels, cv::Rect(20, 30, 40, 40), cv::Scalar(200, 20, 20), cv::FILLED);
}

vision::Detection square(float confidence = 0.9f) {
  vision::Detection out;
  out.confidence = confidence;
  out.box = {0.1f, 0.3f, 0.3f, 0.7f};
  out.attributes = {{0.05f, 0.9f, 0.05f}, {0.8f, 0.2f}};
  return out;
}

TEST(SceneEvidence, AnObjectExplainsItsEdges) {
  cv::Mat pixels = paper();
  draw_square(pixels);
  const auto evidence = scene_evidence({square()}, kLexicon, image_of(pixels));
  for (int i = 0; i < 4; ++i) EXPECT_NEAR(evidence[i], std::log(1e-3), 1e-6) << i;
  EXPECT_NEAR(evidence[4], 0.9, 1e-6);
  EXPECT_NEAR(evidence[5], 0.9, 1e-6);
  EXPECT_NEAR(evidence[6], 0.8, 1e-6);
  EXPECT_NEAR(evidence[7], 0.9, 1e-6);
  EXPECT_EQ(evidence[8], 0);
  EXPECT_NEAR(evidence[9], std::log(2), 1e-9);
}

TEST(SceneEvidence, TextBesideItIsLeftOver) {
  cv::Mat pixels = paper();
  draw_square(pixels);
  cv::putText(pixels, "visitors", {80, 60}, cv::FONT_HERSHEY_SIMPLEX, 0.8, cv::Scalar(0, 0, 0), 1,
              cv::LINE_AA);
  const auto evidence = scene_evidence({square()}, kLexicon, image_of(pixels));
  EXPECT_GT(evidence[0], std::log(0.5));
  EXPECT_GT(evidence[1], std::log(0.01));
}

TEST(SceneEvidence, AFrameAndWallsCountForNothing) {
  cv::Mat pixels = paper();
  draw_square(pixels);
  cv::rectangle(pixels, cv::Rect(0, 0, 200, 100), cv::Scalar(0, 0, 0), 3);
  cv::rectangle(pixels, cv::Rect(120, 0, 12, 100), cv::Scalar(128, 128, 128), cv::FILLED);
  const auto evidence = scene_evidence({square()}, kLexicon, image_of(pixels));
  EXPECT_LT(evidence[0], std::log(0.02));
}

TEST(SceneEvidence, TwoTonesInABoxAreStrange) {
  cv::Mat pixels = paper();
  draw_square(pixels);
  cv::rectangle(pixels, cv::Rect(20, 30, 40, 15), cv::Scalar(20, 200, 20), cv::FILLED);
  const auto evidence = scene_evidence({square()}, kLexicon, image_of(pixels));
  EXPECT_NEAR(evidence[3], std::log(15.0 / 40 + 1e-3), 0.05);
}

TEST(SceneEvidence, FaintPeaksAreDoubtsAndTheFaintestNothing) {
  const vision::Image image = image_of(paper());
  EXPECT_NEAR(scene_evidence({square(), square(0.2f), square(0.05f)}, kLexicon, image)[8],
              0.2 / 1.1, 1e-6);
  const auto none = scene_evidence({}, kLexicon, image);
  EXPECT_EQ(none[4], 0);
  EXPECT_EQ(none[9], 0);
  for (const double value : none) EXPECT_TRUE(std::isfinite(value));
}

}  // namespace
}  // namespace beholder::scene
