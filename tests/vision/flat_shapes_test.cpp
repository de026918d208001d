#include "vision/flat_shapes.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "vision/color_name.hpp"

namespace beholder::vision {
namespace {

using Color = std::array<std::uint8_t, 3>;

Image plain(int width, int height, Color ground) {
  Image image{width, height, {}};
  for (int i = 0; i < width * height; ++i)
    image.rgb.insert(image.rgb.end(), ground.begin(), ground.end());
  return image;
}

void draw(Image& image, Color color, const std::function<bool(double, double)>& inside) {
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      if (inside(x, y))
        std::copy(color.begin(), color.end(), &image.rgb[3 * (y * image.width + x)]);
}

void circle(Image& image, Color color, double cx, double cy, double r) {
  draw(image, color, [&](double x, double y) { return std::hypot(x - cx, y - cy) <= r; });
}

void square(Image& image, Color color, double cx, double cy, double r, double turn = 0) {
  draw(image, color, [&](double x, double y) {
    const double u = (x - cx) * std::cos(turn) + (y - cy) * std::sin(turn);
    const double v = (y - cy) * std::cos(turn) - (x - cx) * std::sin(turn);
    return std::abs(u) <= r && std::abs(v) <= r;
  });
}

void triangle(Image& image, Color color, double cx, double cy, double r) {
  draw(image, color, [&](double x, double y) {
    const double v = y - cy;
    return v <= r && std::abs(x - cx) <= (v + r) / 2;
  });
}

TEST(FlatShapes, OneOnAPlainGround) {
  for (const int side : {48, 64, 320}) {
    for (const double share : {0.12, 0.3}) {
      const double r = share * side;
      Image image = plain(side, side, {245, 240, 250});
      circle(image, {200, 30, 30}, 0.4 * side, 0.5 * side, r);
      auto found = read_flat_shapes(image);
      ASSERT_TRUE(found && found->size() == 1) << side;
      EXPECT_EQ(found->front().shape, "circle") << side;
      EXPECT_EQ(found->front().rgb, (Color{200, 30, 30}));
      EXPECT_NEAR(found->front().x, 0.4, 0.02);
      EXPECT_NEAR(found->front().radius, share, 0.02);
      for (const double turn : {0.0, 0.4, 0.785}) {
        image = plain(side, side, {20, 40, 30});
        square(image, {30, 200, 60}, 0.5 * side, 0.5 * side, r, turn);
        found = read_flat_shapes(image);
        ASSERT_TRUE(found) << side << " " << share << " " << turn;
        EXPECT_EQ(found->front().shape, "square") << side << " " << share << " " << turn;
      }
      image = plain(side, side, {250, 220, 220});
      triangle(image, {20, 20, 200}, 0.5 * side, 0.5 * side, r);
      found = read_flat_shapes(image);
      ASSERT_TRUE(found) << side << " " << share;
      EXPECT_EQ(found->front().shape, "triangle") << side << " " << share;
    }
  }
}

TEST(FlatShapes, SeveralApart) {
  Image image = plain(200, 100, {255, 255, 255});
  circle(image, {200, 30, 30}, 30, 50, 12);
  square(image, {30, 30, 200}, 90, 50, 10);
  triangle(image, {20, 150, 20}, 150, 50, 14);
  const auto found = read_flat_shapes(image);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 3u);
}

TEST(FlatShapes, NothingElseIsRead) {
  EXPECT_FALSE(read_flat_shapes(plain(64, 64, {255, 255, 255}))) << "nothing is there";
  EXPECT_FALSE(read_flat_shapes(plain(4, 4, {255, 255, 255})));
  Image image = plain(100, 100, {255, 255, 255});
  circle(image, {200, 30, 30}, 40, 50, 15);
  circle(image, {30, 30, 200}, 55, 50, 15);
  EXPECT_FALSE(read_flat_shapes(image)) << "overlapping";
  image = plain(100, 100, {255, 255, 255});
  circle(image, {200, 30, 30}, 2, 50, 15);
  EXPECT_FALSE(read_flat_shapes(image)) << "cut off";
  image = plain(100, 100, {255, 255, 255});
  draw(image, {9, 9, 9}, [](double x, double y) { return x > 20 && x < 80 && y > 40 && y < 60; });
  EXPECT_EQ(read_flat_shapes(image)->front().shape, "rectangle");
  image = plain(100, 100, {255, 255, 255});
  draw(image, {9, 9, 9}, [](double x, double y) {
    return std::abs(x - 50) + std::abs(y - 50) < 30 && (x < 50 || y < 50);
  });
  EXPECT_FALSE(read_flat_shapes(image)) << "a heart or an arrow";
  image = plain(100, 100, {255, 255, 255});
  draw(image, {9, 9, 9}, [](double x, double y) {
    return std::hypot(x - 50, y - 50) < 30 && std::hypot(x - 50, y - 50) > 15;
  });
  EXPECT_FALSE(read_flat_shapes(image)) << "a ring";
}

TEST(ColorName, IsWhatPeopleSay) {
  const std::pair<Color, const char*> cases[] = {
      {{0, 0, 0}, "black"},      {{255, 255, 255}, "white"}, {{128, 128, 128}, "gray"},
      {{255, 0, 0}, "red"},      {{0, 128, 0}, "green"},     {{0, 0, 255}, "blue"},
      {{255, 255, 0}, "yellow"}, {{255, 165, 0}, "orange"},  {{165, 42, 42}, "brown"},
      {{139, 0, 0}, "red"},      {{139, 69, 19}, "brown"},   {{128, 0, 128}, "purple"},
      {{255, 192, 203}, "pink"}, {{255, 105, 180}, "pink"},  {{0, 255, 255}, "cyan"},
      {{0, 128, 128}, "cyan"},   {{173, 216, 230}, "blue"},  {{230, 230, 250}, "white"},
      {{75, 0, 130}, "purple"}};
  for (const auto& [rgb, name] : cases)
    EXPECT_EQ(color_name(rgb), name) << int(rgb[0]) << " " << int(rgb[1]) << " " << int(rgb[2]);
}

}  // namespace
}  // namespace beholder::vision
