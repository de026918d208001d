// A scene: its objects, camera and lamps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/executor.hpp"
#include "world/geometry.hpp"

namespace beholder::world {

enum class Shape { kCube, kSphere, kCylinder, kCone };
enum class Material { kRubber, kMetal };

const char* shape_name(Shape shape);           ///< "cube", …
const char* material_name(Material material);  ///< "rubber", "metal"

struct SceneObject {
  Shape shape = Shape::kCube;
  Material material = Material::kRubber;
  std::string size, color;  ///< their names: "large", "red"
  Vec3 centre;              ///< on the ground: z is `extent`
  float extent = 0.7f;      ///< half of the height and of the width
  float rotation = 0;       ///< about the vertical, degrees
  Vec3 tint;                ///< linear
};

struct Lamp {
  Vec3 place;
  float radius = 1;  ///< of the disc that shines
  Vec3 power;        ///< linear light at the distance 1
};

struct Camera {
  Vec3 place, right, up, forward;  ///< the last three of length 1 and at right angles
  float focal = 350;               ///< pixels
  int width = 320, height = 240;

  /// Looking from a place at a point, upright. @param roll degrees
  static Camera looking(const Vec3& place, const Vec3& at, float roll, float focal, int width,
                        int height);
  /// The ray through a point of the picture, length 1; (0, 0) is the upper left corner.
  Vec3 ray(float x, float y) const;
  /// Where a point is seen: x, y in pixels, z the distance along the camera's axis.
  Vec3 project(const Vec3& point) const;
};

struct Scene {
  std::vector<SceneObject> objects;
  Camera camera;
  std::vector<Lamp> lamps;
  Vec3 ground{0.5f, 0.5f, 0.5f}, ambient{0.1f, 0.1f, 0.1f};
  float noise = 1;     ///< of the finished picture, grey levels
  float blur = 0;      ///< of the finished picture, pixels
  float sparkle = 0;   ///< amount of bright grains that metal throws on the ground
  float grain = 0;     ///< unevenness of the objects' light; 1: as a path tracer with 512 samples
  float flatness = 1;  ///< how much the ground's light fills the objects' shades, 0 to 1
  float horizon = 1;   ///< brightness of the surroundings that metal mirrors
  Vec3 tint{1, 1, 1};  ///< the finished colours are multiplied by it
  std::uint64_t seed = 0;

  /// Unit vectors on the ground to what the camera takes for right and behind.
  Vec3 right() const;
  Vec3 behind() const;
};

/// The scene as programs see it.
program::World world_of(const Scene& scene);

}  // namespace beholder::world
