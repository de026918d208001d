#include "world/sampler.hpp"

#include <gtest/gtest.h>

#include <set>

#include "beholder/error.hpp"
#include "world/flat_scene.hpp"
#include "world/renderer.hpp"

namespace beholder::world {
namespace {

TEST(Sampler, KeepsClevrsRules) {
  const SceneStyle style = clevr_style();
  std::set<std::string> colors;
  std::set<std::size_t> counts;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    const Scene scene = sample_scene(style, seed);
    counts.insert(scene.objects.size());
    const Rendering seen = render_ids(scene);
    for (std::size_t i = 0; i < scene.objects.size(); ++i) {
      const SceneObject& a = scene.objects[i];
      colors.insert(a.color);
      EXPECT_LE(std::abs(a.centre.x), 3);
      EXPECT_LE(std::abs(a.centre.y), 3);
      EXPECT_FLOAT_EQ(a.centre.z, a.extent);
      EXPECT_GE(seen.visible[i].pixels, 200);
      for (std::size_t k = 0; k < i; ++k) {
        Vec3 apart = a.centre - scene.objects[k].centre;
        apart.z = 0;
        EXPECT_GE(length(apart), a.extent + scene.objects[k].extent + 0.25f - 1e-4f);
        EXPECT_GE(std::abs(dot(apart, scene.right())), 0.4f - 1e-4f);
        EXPECT_GE(std::abs(dot(apart, scene.behind())), 0.4f - 1e-4f);
      }
    }
  }
  EXPECT_EQ(colors.size(), 8u);
  EXPECT_EQ(*counts.begin(), 3u);
  EXPECT_EQ(*counts.rbegin(), 10u);
}

TEST(Sampler, SameSeedSameScene) {
  const Scene a = sample_scene(open_style(), 77), b = sample_scene(open_style(), 77);
  ASSERT_EQ(a.objects.size(), b.objects.size());
  for (std::size_t i = 0; i < a.objects.size(); ++i)
    EXPECT_EQ(a.objects[i].centre.x, b.objects[i].centre.x);
  EXPECT_NE(sample_scene(open_style(), 78).camera.place.x, a.camera.place.x);
}

TEST(Sampler, SaysWhenThereIsNoRoom) {
  SceneStyle style = clevr_style();
  style.min_objects = style.max_objects = 80;
  EXPECT_THROW(sample_scene(style, 1), Error);
  style.max_objects = 2;
  EXPECT_THROW(sample_scene(style, 1), Error);
  FlatStyle flat;
  flat.min_objects = flat.max_objects = 90;
  flat.width = flat.height = 40;
  EXPECT_THROW(sample_flat_scene(flat, 1), Error);
}

TEST(FlatSampler, ThingsStandApart) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const FlatScene scene = sample_flat_scene({}, seed);
    const Rendering drawn = render(scene);
    for (std::size_t i = 0; i < scene.objects.size(); ++i) {
      const FlatObject& a = scene.objects[i];
      EXPECT_GT(drawn.visible[i].pixels, 60);
      for (std::size_t k = 0; k < i; ++k)
        EXPECT_GT(std::hypot(a.x - scene.objects[k].x, a.y - scene.objects[k].y),
                  a.radius + scene.objects[k].radius);
    }
  }
}

}  // namespace
}  // namespace beholder::world
