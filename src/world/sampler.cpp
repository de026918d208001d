#include "world/sampler.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "world/renderer.hpp"

namespace beholder::world {
namespace {

NamedColor named(const char* name, int red, int green, int blue) {
  const auto part = [](int value) { return static_cast<float>(value) / 255; };
  return {name, {part(red), part(green), part(blue)}};
}

Vec3 shaken(Random& random, const Vec3& place, double by) {
  const auto shift = [&] { return static_cast<float>(random.between(-by, by)); };
  const float x = shift(), y = shift(), z = shift();
  return place + Vec3{x, y, z};
}

void set_camera_and_light(Scene& scene, const SceneStyle& style, Random& random) {
  const double v = style.variety;
  // CLEVR's camera: at Blender's default place, turned to the middle, then moved without turning.
  const Vec3 home{7.4811f, -6.5076f, 5.3437f};
  const Vec3 place = shaken(random, home, 0.5 * v);
  const Vec3 at = place - home + shaken(random, {0, 0, 0}, 0.25 * v);
  const auto roll = static_cast<float>(random.between(-1.5, 1.5) * v);
  const auto focal =
      static_cast<float>(35.0 / 32.0 * style.width * random.between(1 - 0.06 * v, 1 + 0.06 * v));
  scene.camera = Camera::looking(place, at, roll, focal, style.width, style.height);

  const Vec3 right = scene.right(), behind = scene.behind(), up{0, 0, 1};
  const auto from = [&](float across, float away, float high) {
    return right * across + behind * away + up * high;
  };
  const auto lamp = [&](const Vec3& at_place, double power, double radius) {
    Lamp out;
    out.place = shaken(random, at_place, 1.2 * v);
    out.radius = static_cast<float>(radius * random.between(1 - 0.5 * v, 1 + 0.5 * v));
    const auto strength = static_cast<float>(power * random.between(1 - 0.35 * v, 1 + 0.35 * v));
    const auto warmth = static_cast<float>(random.between(-0.05, 0.05) * v);
    out.power = Vec3{1 + warmth, 1, 1 - warmth} * strength;
    scene.lamps.push_back(out);
  };
  lamp(from(3.5f, -4.5f, 6.0f), 13, 1.2);  // key
  lamp(from(-5.0f, -3.0f, 4.5f), 8, 1.6);  // fill
  lamp(from(-1.5f, 4.5f, 5.0f), 6, 1.4);   // back
  const auto gray = static_cast<float>(0.42 + random.between(-0.1, 0.1) * v);
  scene.ground = {gray, gray, gray};
  const auto around = static_cast<float>(0.13 * random.between(1 - 0.5 * v, 1 + 0.5 * v));
  scene.ambient = {around, around, around};
  scene.sparkle = random.chance(0.8) ? static_cast<float>(random.unit()) : 0;
  scene.grain = static_cast<float>(random.between(0.1, 1.7));
  scene.flatness = static_cast<float>(random.between(0.55, 1.1));
  scene.horizon = static_cast<float>(random.between(0.3, 1.7));
  scene.noise = static_cast<float>(random.between(0.2, 2.2) * v);
  scene.blur = static_cast<float>(0.45 + random.between(-0.25, 0.25) * v);
  const auto exposure = [&] {
    return static_cast<float>(random.between(1 - 0.05 * v, 1 + 0.05 * v));
  };
  const auto brightness = static_cast<float>(random.between(1 - 0.25 * v, 1 + 0.25 * v));
  const float r = exposure(), g = exposure(), b = exposure();
  scene.tint = Vec3{r, g, b} * brightness;
}

/// One more object that stands clear of the others. @return false when no place was found
bool add_object(Scene& scene, const SceneStyle& style, Random& random) {
  SceneObject object;
  object.shape = random.among(style.shapes);
  object.material = random.chance(0.5) ? Material::kMetal : Material::kRubber;
  const bool large = random.chance(0.5);
  object.size = large ? "large" : "small";
  object.extent = large ? style.large : style.small;
  const NamedColor& color = random.among(style.colors);
  object.color = color.name;
  object.tint = color.tint;
  object.rotation = static_cast<float>(random.between(0, 360));
  const Vec3 right = scene.right(), behind = scene.behind();
  for (int tries = 0; tries < 60; ++tries) {
    object.centre = {static_cast<float>(random.between(-style.reach, style.reach)),
                     static_cast<float>(random.between(-style.reach, style.reach)), object.extent};
    const bool clear =
        std::all_of(scene.objects.begin(), scene.objects.end(), [&](const SceneObject& other) {
          Vec3 apart = object.centre - other.centre;
          apart.z = 0;
          return length(apart) >= object.extent + other.extent + style.min_gap &&
                 std::abs(dot(apart, right)) >= style.margin &&
                 std::abs(dot(apart, behind)) >= style.margin;
        });
    if (!clear) continue;
    scene.objects.push_back(object);
    return true;
  }
  return false;
}

bool all_visible(const Scene& scene, const SceneStyle& style) {
  const double share = static_cast<double>(style.width) * style.height / (320.0 * 240.0);
  const Rendering seen = render_ids(scene);
  return std::all_of(seen.visible.begin(), seen.visible.end(),
                     [&](const Visible& one) { return one.pixels >= style.min_pixels * share; });
}

}  // namespace

SceneStyle clevr_style() {
  SceneStyle style;
  style.colors = {named("gray", 87, 87, 87),   named("red", 173, 35, 35),
                  named("blue", 42, 75, 215),  named("green", 29, 105, 20),
                  named("brown", 129, 74, 25), named("purple", 129, 38, 192),
                  named("cyan", 41, 208, 208), named("yellow", 255, 238, 51)};
  return style;
}

SceneStyle open_style() {
  SceneStyle style = clevr_style();
  style.shapes.push_back(Shape::kCone);
  style.colors.push_back(named("orange", 230, 110, 20));
  style.colors.push_back(named("pink", 235, 120, 170));
  style.colors.push_back(named("white", 235, 235, 235));
  style.colors.push_back(named("black", 14, 14, 14));
  style.variety = 1.6f;
  return style;
}

Scene sample_scene(const SceneStyle& style, std::uint64_t seed) {
  check(!style.shapes.empty() && !style.colors.empty() && style.min_objects >= 1 &&
            style.max_objects >= style.min_objects && style.max_objects <= 100,
        ErrorCode::kUsage, "a style needs shapes, colours and 1 to 100 objects");
  Random random(seed);
  for (int tries = 0; tries < 2000; ++tries) {
    Scene scene;
    scene.seed = seed;
    set_camera_and_light(scene, style, random);
    const std::size_t count =
        style.min_objects + random.below(style.max_objects - style.min_objects + 1);
    while (scene.objects.size() < count && add_object(scene, style, random)) {
    }
    if (scene.objects.size() == count && all_visible(scene, style)) return scene;
  }
  fail(ErrorCode::kUsage, "no scene of ", style.min_objects, " to ", style.max_objects,
       " objects was found that keeps the style's gaps and visibility; ask for fewer or smaller "
       "ones");
}

}  // namespace beholder::world
