#include "world/scene.hpp"

namespace beholder::world {

const char* shape_name(Shape shape) {
  switch (shape) {
    case Shape::kCube: return "cube";
    case Shape::kSphere: return "sphere";
    case Shape::kCylinder: return "cylinder";
    case Shape::kCone: return "cone";
  }
  return "";
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

}  // namespace beholder::world
