#include "vision/object_detector.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/gradients.hpp"
#include "support/text_files.hpp"

namespace beholder::vision {
namespace {

DetectorConfig tiny() {
  DetectorConfig config;
  config.width = 8;
  config.attribute_sizes = {3, 2};
  return config;
}

PyramidFeatures features(std::int64_t batch, std::int64_t height, std::int64_t width) {
  at::manual_seed(4);
  return {at::randn({batch, 24, height / 4, width / 4}),
          at::randn({batch, 48, height / 8, width / 8}),
          at::randn({batch, 120, height / 16, width / 16}),
          at::randn({batch, 352, height / 32, width / 32})};
}

TEST(ObjectDetector, GivesAMapOfEightPixelCells) {
  nn::TrainableParameters parameters;
  const ObjectDetector detector(parameters, "object_detector", tiny());
  EXPECT_EQ(detector.channels(), 9 + 3 + 2);
  EXPECT_EQ(detector.forward(features(2, 64, 96)).sizes(), (at::IntArrayRef{2, 14, 8, 12}));
}

// One cell says where, how large and what; the reading must say the same in shares of the picture.
TEST(ObjectDetector, ReadsPeaksAlone) {
  nn::TrainableParameters parameters;
  const ObjectDetector detector(parameters, "object_detector", tiny());
  at::Tensor maps = at::zeros({14, 4, 8});  // a picture of 64 x 32 pixels
  maps[0].fill_(-6);
  maps[0][1][5] = 2;   // the object
  maps[0][1][6] = 1;   // its slope: no peak
  maps[0][3][0] = -1;  // a second, weaker one
  const float cell[] = {0.25f, -0.25f, 0.5f, 0.25f, 0.5f, 0.125f, 0.3f, -0.4f};
  for (int i = 0; i < 8; ++i) maps[1 + i][1][5] = cell[i];
  maps[9 + 1][1][5] = 3;
  maps[12][1][5] = std::log(3.0f);
  const auto found = detector.read(maps, 0.2, 10);
  ASSERT_EQ(found.size(), 2u);
  const Detection& one = found[0];
  EXPECT_NEAR(one.confidence, 1 / (1 + std::exp(-2.0)), 1e-6);
  EXPECT_NEAR(one.x * 64, (5 + 0.5 + 0.25) * 8, 1e-4);
  EXPECT_NEAR(one.y * 32, (1 + 0.5 - 0.25) * 8, 1e-4);
  EXPECT_NEAR(one.box[0] * 64, 46 - 16, 1e-4);
  EXPECT_NEAR(one.box[1] * 32, 10 - 8, 1e-4);
  EXPECT_NEAR(one.box[2] * 64, 46 + 16, 1e-4);
  EXPECT_NEAR(one.box[3] * 32, 10 + 4, 1e-4);
  EXPECT_NEAR(one.across, 0.9, 1e-5);
  EXPECT_NEAR(one.depth, -1.2, 1e-5);
  EXPECT_NEAR(one.attributes[1][0], 0.75, 1e-5);
  EXPECT_GT(one.attributes[0][1], 0.8);
  EXPECT_EQ(detector.read(maps, 0.5, 10).size(), 1u);
  EXPECT_EQ(detector.read(maps, 0.2, 1).size(), 1u);
  EXPECT_EQ(tests::error_of([&] {
              detector.read(at::zeros({3, 4, 8}), 0.5, 1);
            }).code(),
            ErrorCode::kShape);
}

TEST(ObjectDetector, BoxesStayInThePicture) {
  nn::TrainableParameters parameters;
  const ObjectDetector detector(parameters, "object_detector", tiny());
  at::Tensor maps = at::zeros({14, 4, 4});
  maps[0].fill_(-6);
  maps[0][0][0] = 3;
  for (int i = 3; i <= 6; ++i) maps[i].fill_(50);
  const auto found = detector.read(maps, 0.5, 10);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].box, (std::array<float, 4>{0, 0, 1, 1}));
}

// The mirror image of one object, turned back, is the object.
TEST(ObjectDetector, MirroredMapsSayTheSame) {
  nn::TrainableParameters parameters;
  const ObjectDetector detector(parameters, "object_detector", tiny());
  at::Tensor maps = at::zeros({14, 4, 8}), mirror = at::zeros({14, 4, 8});
  const float plain[] = {0.25f, 0.1f, 0.5f, 0.2f, 0.3f, 0.4f, 0.6f, -0.2f};
  const float turned[] = {-0.25f, 0.1f, 0.3f, 0.2f, 0.5f, 0.4f, -0.6f, -0.2f};
  for (int i = 0; i < 8; ++i) {
    maps[1 + i][1][5] = plain[i];
    mirror[1 + i][1][2] = turned[i];
  }
  maps[0][1][5] = mirror[0][1][2] = 2;
  maps[10][1][5] = mirror[10][1][2] = 3;
  EXPECT_TRUE(at::equal(mirrored_maps(mirror), maps));
}

TEST(ObjectDetector, LooksAtPicturesInTheirShape) {
  EXPECT_EQ(detector_size(320, 320, 240), (std::array<int, 2>{320, 256}));
  EXPECT_EQ(detector_size(320, 1000, 1000), (std::array<int, 2>{320, 320}));
  EXPECT_EQ(detector_size(320, 300, 4000), (std::array<int, 2>{64, 640}));
  EXPECT_EQ(detector_size(320, 400, 100), (std::array<int, 2>{544, 128})) << "1.39 times";
  EXPECT_EQ(detector_size(320, 1, 1), (std::array<int, 2>{320, 320}));
}

TEST(ObjectDetector, GradientsFlowThroughFrozenLayers) {
  tests::expect_gradients_through_frozen(
      [](nn::ParameterSource& source, const at::Tensor& coarse) {
        PyramidFeatures seen = features(1, 64, 96);
        seen.stride32 = coarse;
        return ObjectDetector(source, "d", tiny()).forward(seen);
      },
      features(1, 64, 96).stride32);
}

}  // namespace
}  // namespace beholder::vision
