// What is done to pictures before a detector learns from them, on pictures of one colour.
#include "train/detector_data.hpp"

#include <gtest/gtest.h>

namespace beholder::train {
namespace {

vision::Image plain(int width, int height, unsigned char value) {
  vision::Image out;
  out.width = width;
  out.height = height;
  out.rgb.assign(static_cast<std::size_t>(width) * height * 3, value);
  return out;
}

ObjectTruth object(std::array<float, 4> box) {
  ObjectTruth out;
  out.box = box;
  out.x = (box[0] + box[2]) / 2;
  out.y = (box[1] + box[3]) / 2;
  return out;
}

unsigned char at(const vision::Image& image, int x, int y) {
  return image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x)];
}

TEST(DetectorData, MirroringTurnsBoxesAndPlaces) {
  vision::Image image = plain(4, 2, 0);
  image.rgb[0] = 200;
  ObjectTruth one = object({0.1f, 0.2f, 0.4f, 0.6f});
  one.ground = {1.5f, -2.0f};
  std::vector<ObjectTruth> objects = {one};
  mirror(image, objects);
  EXPECT_EQ(at(image, 3, 0), 200);
  EXPECT_NEAR(objects[0].box[0], 0.6f, 1e-6);
  EXPECT_NEAR(objects[0].box[2], 0.9f, 1e-6);
  EXPECT_NEAR(objects[0].x, 0.75f, 1e-6);
  EXPECT_FLOAT_EQ((*objects[0].ground)[0], -1.5f);
  EXPECT_FLOAT_EQ((*objects[0].ground)[1], -2.0f);
}

TEST(DetectorData, ACropKeepsWhatIsMostlyInIt) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    vision::Image image = plain(100, 100, 0);
    std::vector<ObjectTruth> objects = {object({0.45f, 0.45f, 0.55f, 0.55f}),
                                        object({0, 0, 0.1f, 0.1f})};
    crop_at_random(image, objects, random);
    ASSERT_GE(image.width, 55);
    ASSERT_LE(image.width, 100);
    for (const ObjectTruth& one : objects) {
      EXPECT_GE(one.box[0], 0);
      EXPECT_LE(one.box[3], 1);
      EXPECT_LE(std::abs(one.x - (one.box[0] + one.box[2]) / 2), 1e-5);
      // At least four tenths of its ten by ten pixels are there.
      EXPECT_GE((one.box[2] - one.box[0]) * image.width * (one.box[3] - one.box[1]) * image.height,
                39.9);
    }
  }
}

}  // namespace
}  // namespace beholder::train
