#include "world/renderer.hpp"

#include <gtest/gtest.h>

#include "world/flat_scene.hpp"
#include "world/sampler.hpp"

namespace beholder::world {
namespace {

SceneObject object(Shape shape, float x, float y, float extent) {
  SceneObject out;
  out.shape = shape;
  out.centre = {x, y, extent};
  out.extent = extent;
  out.tint = {0.7f, 0.1f, 0.1f};
  return out;
}

/// Seen from the side, straight ahead along y: a pixel is 1/100 of a unit at the distance 4.
Scene from_the_side() {
  Scene scene;
  scene.camera = Camera::looking({0, -4, 0.5f}, {0, 0, 0.5f}, 0, 400, 320, 240);
  scene.lamps.push_back({{2, -3, 4}, 0.5f, {20, 20, 20}});
  return scene;
}

TEST(Camera, ProjectsWhereItsRaysGo) {
  const Camera camera = Camera::looking({7, -6, 5}, {0.3f, 0, 0.2f}, 2, 350, 320, 240);
  for (const auto& [x, y] : {std::pair{0.0f, 0.0f}, {160.0f, 120.0f}, {300.5f, 17.25f}}) {
    const Vec3 there = camera.project(camera.place + camera.ray(x, y) * 9);
    EXPECT_NEAR(there.x, x, 1e-2);
    EXPECT_NEAR(there.y, y, 1e-2);
  }
  EXPECT_NEAR(dot(camera.right, camera.up), 0, 1e-6);
  EXPECT_NEAR(dot(camera.right, camera.forward), 0, 1e-6);
  // What is farther up is seen farther up.
  EXPECT_LT(camera.project({0, 0, 1}).y, camera.project({0, 0, 0}).y);
}

// By hand: a cylinder of radius and half height 0.5 around the axis: from the distance 4 its
// outline is where a line touches the circle, 400 · 0.5 / sqrt(16 − 0.25) = 50.4 pixels from the
// middle.
TEST(Renderer, OutlinesAreExact) {
  Scene scene = from_the_side();
  scene.objects = {object(Shape::kCylinder, 0, 0, 0.5f)};
  const Visible round = render_ids(scene).visible[0];
  EXPECT_EQ(round.left, 110);
  EXPECT_EQ(round.right, 210);
  // The cube's edges are rounded with the radius 0.07, around a line 0.43 from the middle at the
  // distance 3.57; the tangent to it has the angle atan(0.43 / 3.57) + asin(0.07 / 3.596) = 0.1393,
  // which is 400 · tan(0.1393) = 56.1 pixels.
  scene.objects = {object(Shape::kCube, 0, 0, 0.5f)};
  const Visible square = render_ids(scene).visible[0];
  EXPECT_EQ(square.left, 104);
  EXPECT_EQ(square.right, 216);
  EXPECT_EQ(square.top, 64);
  EXPECT_EQ(square.bottom, 176);
  EXPECT_LT(square.pixels, 112 * 112) << "the corners are round";
  EXPECT_GT(square.pixels, 112 * 112 - 4 * 20);
  // A sphere's outline is a circle of the same tangent as the cylinder's.
  scene.objects = {object(Shape::kSphere, 0, 0, 0.5f)};
  const Visible ball = render_ids(scene).visible[0];
  EXPECT_EQ(ball.left, 110);
  EXPECT_EQ(ball.bottom, 170);
  EXPECT_NEAR(ball.pixels, 3.14159 * 50.4 * 50.4, 40);
  // A cone: a triangle 102 wide and 101 high, and below it the near half of the base, an ellipse
  // seen from 0.5 above it: 400 · 0.5 · 0.5 / 15.75 = 6.3 pixels high.
  scene.objects = {object(Shape::kCone, 0, 0, 0.5f)};
  const Visible cone = render_ids(scene).visible[0];
  EXPECT_NEAR(cone.pixels, 0.5 * 102 * 101 + 0.5 * 3.1416 * 50.4 * 6.3, 120);
  EXPECT_NEAR(cone.top, 70, 1);
}

TEST(Renderer, NearThingsHideFarOnes) {
  Scene scene = from_the_side();
  scene.objects = {object(Shape::kCube, 0, 2, 0.4f), object(Shape::kCube, 0, 0, 0.5f)};
  const Rendering hidden = render_ids(scene);
  EXPECT_EQ(hidden.visible[0].pixels, 0);
  scene.objects[0].centre.x = 0.9f;
  const Rendering half = render_ids(scene);
  EXPECT_GT(half.visible[0].pixels, 0);
  EXPECT_EQ(half.visible[0].left, half.visible[1].right);
}

TEST(Renderer, ShadowsDarkenTheGround) {
  Scene scene = from_the_side();
  scene.camera = Camera::looking({0, -6, 4}, {0, 0, 0}, 0, 350, 320, 240);
  scene.noise = 0;
  const auto brightness = [&](const Vec3& at) {
    const Rendering drawn = render(scene);
    const Vec3 pixel = scene.camera.project(at);
    return int{drawn.image.rgb[3 * (static_cast<std::size_t>(pixel.y) * 320 +
                                    static_cast<std::size_t>(pixel.x))]};
  };
  // The lamp stands at the right: the shadow falls to the left.
  const Vec3 left{-1.1f, 0.9f, 0};
  const int lit = brightness(left);
  scene.objects = {object(Shape::kSphere, -0.3f, 0, 0.6f)};
  EXPECT_LT(brightness(left), lit - 20);
}

TEST(Renderer, MetalShowsItsNeighbours) {
  Scene scene = from_the_side();
  scene.noise = 0;
  scene.objects = {object(Shape::kSphere, 0, 0, 0.5f), object(Shape::kSphere, 1.1f, -0.4f, 0.5f)};
  scene.objects[0].material = Material::kMetal;
  scene.objects[0].tint = {0.5f, 0.5f, 0.5f};
  scene.objects[1].tint = {0.9f, 0, 0};
  const Rendering drawn = render(scene);
  int red = 0;
  for (std::size_t i = 0; i < drawn.ids.size(); ++i)
    if (drawn.ids[i] == 0 && drawn.image.rgb[3 * i] > drawn.image.rgb[3 * i + 1] + 40) ++red;
  EXPECT_GT(red, 50);
}

TEST(Renderer, SameSceneSamePicture) {
  const Scene scene = sample_scene(clevr_style(), 4);
  const Rendering a = render(scene), b = render(scene);
  EXPECT_EQ(a.image.rgb, b.image.rgb);
  EXPECT_EQ(a.ids, render_ids(scene).ids);
  for (std::size_t i = 0; i < a.visible.size(); ++i) {
    int count = 0;
    for (int y = a.visible[i].top; y < a.visible[i].bottom; ++y)
      for (int x = a.visible[i].left; x < a.visible[i].right; ++x)
        count += a.ids[static_cast<std::size_t>(y) * 320 + x] == static_cast<int>(i);
    EXPECT_EQ(count, a.visible[i].pixels);
    EXPECT_EQ(count, std::count(a.ids.begin(), a.ids.end(), static_cast<std::int8_t>(i)));
  }
}

TEST(FlatRenderer, ShapesHaveTheirAreas) {
  FlatScene scene;
  scene.objects.resize(3);
  const FlatShape shapes[] = {FlatShape::kCircle, FlatShape::kSquare, FlatShape::kTriangle};
  // Circle π; square (2 · 0.886)²; triangle: base 2, height 1.75.
  const double areas[] = {3.1416, 3.14, 1.75};
  for (int i = 0; i < 3; ++i) {
    scene.objects[i].shape = shapes[i];
    scene.objects[i].x = 60.0f + 90 * i;
    scene.objects[i].y = 100;
    scene.objects[i].radius = 30;
    scene.objects[i].rotation = 20;
  }
  const Rendering drawn = render(scene);
  for (int i = 0; i < 3; ++i) EXPECT_NEAR(drawn.visible[i].pixels, areas[i] * 900, 40) << i;
  EXPECT_EQ(drawn.image.rgb[0], 255);
}

}  // namespace
}  // namespace beholder::world
