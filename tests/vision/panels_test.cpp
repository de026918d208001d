#include "vision/panels.hpp"

#include <gtest/gtest.h>

namespace beholder::vision {
namespace {

Image plain(int width, int height, std::uint8_t tone) {
  Image out;
  out.width = width;
  out.height = height;
  out.rgb.assign(static_cast<std::size_t>(width) * height * 3, tone);
  return out;
}

void paint(Image& image, int left, int top, int right, int bottom, std::uint8_t tone) {
  for (int y = top; y < bottom; ++y)
    for (int x = left; x < right; ++x)
      for (int c = 0; c < 3; ++c)
        image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x) + c] = tone;
}

TEST(Panels, AreFoundBetweenStripesWhateverStandsInThem) {
  Image image = plain(400, 100, 211);
  paint(image, 100, 0, 150, 100, 128);
  paint(image, 250, 0, 300, 100, 128);
  paint(image, 40, 80, 60, 100, 0);    // a tower's foot
  paint(image, 150, 10, 160, 20, 30);  // at a wall
  const auto panels = find_panels(image);
  ASSERT_EQ(panels.size(), 3U);
  EXPECT_EQ(panels[0], (std::array<int, 4>{0, 0, 100, 100}));
  EXPECT_EQ(panels[1], (std::array<int, 4>{150, 0, 250, 100}));
  EXPECT_EQ(panels[2], (std::array<int, 4>{300, 0, 400, 100}));
}

TEST(Panels, WidthsMustAgree) {
  Image image = plain(400, 100, 211);
  paint(image, 100, 0, 130, 100, 128);
  EXPECT_TRUE(find_panels(image).empty());
}

TEST(Panels, APlainPictureIsNotDivided) {
  EXPECT_TRUE(find_panels(plain(400, 100, 211)).empty());
  EXPECT_TRUE(find_panels(plain(1, 1, 0)).empty());
}

}  // namespace
}  // namespace beholder::vision
