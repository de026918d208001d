#include "world/scene.hpp"

#include "program/places.hpp"

namespace beholder::world {

const char* shape_name(Shape shape) {
  constexpr const char* names[] = {"cube", "sphere", "cylinder", "cone"};
  return names[static_cast<int>(shape)];
}

const char* material_name(Material material) {
  return material == Material::kMetal ? "metal" : "rubber";
}

Camera Camera::looking(const Vec3& place, const Vec3& at, float roll, float focal, int width,
                       int height) {
  Camera out;
  out.place = place;
  out.focal = focal;
  out.width = width;
  out.height = height;
  out.forward = normalised(at - place);
  const Vec3 level = normalised(cross(out.forward, {0, 0, 1}));
  const Vec3 upright = cross(level, out.forward);
  const float turn = roll * 3.14159265f / 180;
  out.right = level * std::cos(turn) + upright * std::sin(turn);
  out.up = cross(out.right, out.forward);
  return out;
}

Vec3 Camera::ray(float x, float y) const {
  return normalised(forward * focal + right * (x - static_cast<float>(width) / 2) -
                    up * (y - static_cast<float>(height) / 2));
}

Vec3 Camera::project(const Vec3& point) const {
  const Vec3 to = point - place;
  const float depth = dot(to, forward);
  return {static_cast<float>(width) / 2 + focal * dot(to, right) / depth,
          static_cast<float>(height) / 2 - focal * dot(to, up) / depth, depth};
}

Vec3 Scene::behind() const { return normalised({camera.forward.x, camera.forward.y, 0}); }

Vec3 Scene::right() const {
  const Vec3 away = behind();
  return {away.y, -away.x, 0};
}

program::World world_of(const Scene& scene) {
  program::World world;
  world.margin = 0.2;
  const Vec3 right = scene.right(), behind = scene.behind();
  for (const SceneObject& object : scene.objects) {
    program::Thing thing;
    thing.attributes = {{"size", object.size},
                        {"color", object.color},
                        {"material", material_name(object.material)},
                        {"shape", shape_name(object.shape)}};
    thing.across = dot(object.centre, right);
    thing.depth = dot(object.centre, behind);
    thing.height = object.centre.z;
    thing.extent = object.extent;
    const Vec3 seen = scene.camera.project(object.centre);
    program::set_place(thing, seen.x / static_cast<double>(scene.camera.width),
                       seen.y / static_cast<double>(scene.camera.height));
    world.things.push_back(std::move(thing));
  }
  return world;
}

}  // namespace beholder::world
