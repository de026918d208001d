#include "world/flat_scene.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "program/boxes.hpp"
#include "program/places.hpp"

namespace beholder::world {
namespace {

struct FlatColor {
  const char* name;
  Vec3 tint;
};
const FlatColor kColors[] = {
    {"red", {0.85f, 0.12f, 0.12f}},   {"green", {0.1f, 0.6f, 0.15f}},
    {"blue", {0.05f, 0.3f, 0.9f}},    {"yellow", {0.98f, 0.9f, 0.15f}},
    {"black", {0.05f, 0.05f, 0.05f}}, {"gray", {0.5f, 0.5f, 0.5f}},
    {"purple", {0.55f, 0.15f, 0.7f}}, {"orange", {0.95f, 0.55f, 0.1f}},
};
const struct {
  const char* name;
  float radius;  ///< of a picture 240 pixels high
} kSizes[] = {{"small", 8}, {"medium", 15}, {"large", 24}};

void paint(FlatObject& object, const FlatColor& color) {
  object.color = color.name;
  object.tint = color.tint;
}

/// Whether a point lies in the shape.
bool inside(const FlatObject& object, float x, float y) {
  const float turn = object.rotation * 3.14159265f / 180;
  const float dx = x - object.x, dy = y - object.y;
  const float u = (dx * std::cos(turn) + dy * std::sin(turn)) / object.radius;
  const float v = (dy * std::cos(turn) - dx * std::sin(turn)) / object.radius;
  if (object.snug && object.shape == FlatShape::kSquare)
    return std::abs(u) <= 1 && std::abs(v) <= 1;
  if (object.snug && object.shape == FlatShape::kTriangle)
    return v <= 1 && std::abs(u) <= (v + 1) / 2;
  switch (object.shape) {
    case FlatShape::kCircle: return u * u + v * v <= 1;
    case FlatShape::kSquare: return std::abs(u) <= 0.886f && std::abs(v) <= 0.886f;
    // Point up, base down; as wide as the circle.
    case FlatShape::kTriangle: return v <= 0.75f && v >= -1 + 1.75f * std::abs(u);
  }
  return false;
}

}  // namespace

const char* flat_shape_name(FlatShape shape) {
  constexpr const char* names[] = {"circle", "square", "triangle"};
  return names[static_cast<int>(shape)];
}

FlatScene sample_flat_scene(const FlatStyle& style, std::uint64_t seed) {
  check(style.min_objects >= 1 && style.max_objects >= style.min_objects &&
            style.max_objects <= 100 && style.width >= 32 && style.height >= 32,
        ErrorCode::kUsage, "a style needs 1 to 100 objects and 32 pixels a side");
  Random random(seed);
  const float scale = static_cast<float>(std::min(style.width, style.height)) / 240;
  for (int tries = 0; tries < 200; ++tries) {
    FlatScene scene;
    scene.width = style.width;
    scene.height = style.height;
    scene.seed = seed;
    // Light grounds three times out of four, now and then coloured.
    const auto base = static_cast<float>(random.chance(0.75) ? random.between(0.75, 1)
                                                             : random.between(0.1, 0.35));
    const auto tone = [&] {
      return std::clamp(base + static_cast<float>(random.between(-0.06, 0.06)), 0.0f, 1.0f);
    };
    const float r = tone(), g = tone(), b = tone();
    scene.ground = {r, g, b};
    scene.noise = static_cast<float>(random.unit());
    const std::size_t count =
        style.min_objects + random.below(style.max_objects - style.min_objects + 1);
    for (int more = 0; scene.objects.size() < count && more < 300; ++more) {
      FlatObject object;
      object.shape = static_cast<FlatShape>(random.below(3));
      const auto& size = kSizes[random.below(3)];
      object.size = size.name;
      object.radius = size.radius * scale * static_cast<float>(random.between(0.93, 1.07));
      const FlatColor& color = kColors[random.below(std::size(kColors))];
      const Vec3 apart = color.tint - scene.ground;
      if (dot(apart, apart) < 0.08f) continue;  // not to be told from the ground
      paint(object, color);
      object.rotation = static_cast<float>(random.between(-style.tilt, style.tilt));
      const float edge = 1.3f * object.radius + 1;
      object.x = static_cast<float>(random.between(edge, static_cast<double>(style.width) - edge));
      object.y = static_cast<float>(random.between(edge, static_cast<double>(style.height) - edge));
      const bool clear =
          std::all_of(scene.objects.begin(), scene.objects.end(), [&](const FlatObject& other) {
            return std::hypot(object.x - other.x, object.y - other.y) >=
                       1.25f * (object.radius + other.radius) + style.min_gap &&
                   std::abs(object.x - other.x) >= 4 * scale &&
                   std::abs(object.y - other.y) >= 4 * scale;
          });
      if (clear) scene.objects.push_back(object);
    }
    if (scene.objects.size() == count) return scene;
  }
  fail(ErrorCode::kUsage, "no room for ", style.min_objects, " to ", style.max_objects,
       " objects on ", style.width, " x ", style.height, " pixels; ask for fewer");
}

namespace {

/// Shapes of three sizes where there is room, one in four at a wall.
void scatter(FlatScene& scene, const FlatBox& box, const std::vector<const FlatColor*>& colors,
             Random& random) {
  const int side = scene.height;
  const std::size_t first = scene.objects.size(), count = 1 + random.below(8);
  for (int tries = 0; scene.objects.size() < first + count && tries < 200; ++tries) {
    FlatObject object;
    object.snug = true;
    object.shape = static_cast<FlatShape>(random.below(3));
    const std::size_t size = random.below(3);
    object.size = kSizes[size].name;
    object.radius = 0.05f * static_cast<float>((size + 1) * side);
    paint(object, *random.among(colors));
    const auto place = [&](bool low, bool high) {
      const int room = side - static_cast<int>(2 * object.radius);
      const int at = low ? 0 : high ? room : static_cast<int>(random.below(room + 1));
      return static_cast<float>(at) + object.radius;
    };
    const bool wall = random.chance(0.25);
    const std::size_t which = wall ? random.below(6) : 6;  // the floor half of the time
    object.x = static_cast<float>(box.left) + place(which == 0, which == 1);
    object.y = place(which == 2, which >= 3 && which < 6);
    const bool clear =
        std::all_of(scene.objects.begin() + static_cast<std::ptrdiff_t>(first), scene.objects.end(),
                    [&](const FlatObject& other) {
                      return std::max(std::abs(object.x - other.x), std::abs(object.y - other.y)) >
                             object.radius + other.radius;
                    });
    if (clear) scene.objects.push_back(object);
  }
}

/// Blocks of the middle size, one upon another with a hair between them.
void pile(FlatScene& scene, const FlatBox& box, const std::vector<const FlatColor*>& colors,
          Random& random) {
  const auto side = static_cast<float>(scene.height);
  const std::size_t count = 1 + random.below(4);
  const float left = static_cast<float>(box.left) + std::round(0.4f * side);
  for (std::size_t i = 0; i < count; ++i) {
    FlatObject object;
    object.snug = true;
    object.shape = FlatShape::kSquare;
    object.size = kSizes[1].name;
    object.radius = 0.1f * side;
    paint(object, *random.among(colors));
    object.x = left + object.radius;
    object.y = side - object.radius - static_cast<float>(i) * std::round(0.21f * side);
    scene.objects.push_back(object);
  }
}

}  // namespace

FlatScene sample_boxes_scene(int side, std::uint64_t seed) {
  check(side >= 48, ErrorCode::kUsage, "boxes of ", side, " pixels; give 48 or more");
  Random random(seed);
  FlatScene scene;
  scene.height = side;
  scene.width = 4 * side;
  scene.seed = seed;
  scene.noise = random.chance(0.5) ? 0 : static_cast<float>(random.unit());
  const auto tone = static_cast<float>(random.between(0.42, 0.58));
  scene.ground = {tone, tone, tone};
  const auto light = static_cast<float>(random.between(0.72, 0.95));
  // Three colours, mostly those of NLVR, each a little off.
  std::vector<FlatColor> palette;
  const bool usual = random.chance(0.7);
  for (const FlatColor& color : kColors) {
    const std::string name = color.name;
    if (name == "gray" || (usual && name != "black" && name != "blue" && name != "yellow"))
      continue;
    FlatColor own = color;
    if (name == "blue" && random.chance(0.6)) own.tint = {0, 0.6f, 1};
    if (name == "yellow") own.tint = {1, static_cast<float>(random.between(0.9, 1)), 0};
    if (name == "black" && random.chance(0.6)) own.tint = {0, 0, 0};
    palette.push_back(own);
  }
  random.shuffle(palette);
  palette.resize(3);
  std::vector<const FlatColor*> colors;
  for (const FlatColor& color : palette) colors.push_back(&color);
  const bool towers = random.chance(0.35);
  for (int k = 0; k < 3; ++k) {
    const int left = k * (side + side / 2);
    scene.boxes.push_back({left, left + side, {light, light, light}});
    towers ? pile(scene, scene.boxes.back(), colors, random)
           : scatter(scene, scene.boxes.back(), colors, random);
  }
  return scene;
}

Rendering render(const FlatScene& scene) {
  Rendering out;
  out.image.width = scene.width;
  out.image.height = scene.height;
  const auto pixels = static_cast<std::size_t>(scene.width) * scene.height;
  out.image.rgb.resize(3 * pixels);
  out.ids.assign(pixels, -1);
  out.visible.assign(scene.objects.size(), {});
  std::vector<Vec3> light(pixels, scene.ground);
  for (const FlatBox& box : scene.boxes)
    for (int y = 0; y < scene.height; ++y)
      std::fill(light.begin() + static_cast<std::ptrdiff_t>(y) * scene.width + box.left,
                light.begin() + static_cast<std::ptrdiff_t>(y) * scene.width + box.right,
                box.ground);
  for (std::size_t k = 0; k < scene.objects.size(); ++k) {
    const FlatObject& object = scene.objects[k];
    const int reach = static_cast<int>(std::ceil(1.3f * object.radius)) + 1;
    for (int y = std::max(0, static_cast<int>(object.y) - reach);
         y < std::min(scene.height, static_cast<int>(object.y) + reach + 1); ++y)
      for (int x = std::max(0, static_cast<int>(object.x) - reach);
           x < std::min(scene.width, static_cast<int>(object.x) + reach + 1); ++x) {
        int covered = 0;
        for (int s = 0; s < 16; ++s)
          covered += inside(object, static_cast<float>(x) + (static_cast<float>(s % 4) + 0.5f) / 4,
                            static_cast<float>(y) + (static_cast<float>(s / 4) + 0.5f) / 4);
        const std::size_t i = static_cast<std::size_t>(y) * scene.width + x;
        const float share = static_cast<float>(covered) / 16;
        light[i] = light[i] * (1 - share) + object.tint * share;
        if (!inside(object, static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f)) continue;
        out.ids[i] = static_cast<std::int8_t>(k);
        out.visible[k].add(x, y);
      }
  }
  Random random(scene.seed ^ 0xf1a7);
  for (std::size_t i = 0; i < pixels; ++i) {
    const float values[] = {light[i].x, light[i].y, light[i].z};
    for (int c = 0; c < 3; ++c) {
      const float noise = scene.noise * 4 * static_cast<float>(random.unit() - 0.5);
      out.image.rgb[3 * i + c] =
          static_cast<std::uint8_t>(std::clamp(values[c] * 255 + noise + 0.5f, 0.0f, 255.0f));
    }
  }
  return out;
}

program::World world_of(const FlatScene& scene) {
  program::World world;
  for (const FlatObject& object : scene.objects) {
    program::Thing thing;
    thing.attributes = {
        {"size", object.size}, {"color", object.color}, {"shape", flat_shape_name(object.shape)}};
    thing.across = object.x;
    thing.height = static_cast<double>(scene.height) - object.y;
    thing.extent = object.radius;
    program::set_place(thing, object.x / static_cast<double>(scene.width),
                       object.y / static_cast<double>(scene.height));
    world.things.push_back(std::move(thing));
  }
  if (scene.boxes.empty()) return world;
  std::vector<program::Rectangle> things, boxes;
  for (const FlatObject& object : scene.objects)
    things.push_back({object.x - object.radius, object.y - object.radius, object.x + object.radius,
                      object.y + object.radius});
  for (const FlatBox& box : scene.boxes)
    boxes.push_back({static_cast<double>(box.left), 0, static_cast<double>(box.right),
                     static_cast<double>(scene.height)});
  program::place_in_boxes(world, things, boxes, 0.5);
  return world;
}

}  // namespace beholder::world
