// Where rays meet the shapes of a scene.
#pragma once

#include <algorithm>
#include <cmath>

#include "world/scene.hpp"

namespace beholder::world {

inline constexpr float kFar = 1e30f;
inline constexpr float kNear = 1e-3f;
inline constexpr int kGround = -1, kSky = -2;

struct Ray {
  Vec3 from, to;  ///< `to` of length 1
};

/// What a ray hits first: an object of the scene, the ground or the sky.
struct Hit {
  float distance = kFar;
  int object = kSky;
  Vec3 normal;
};

/// An object with what its intersections need again and again.
struct Body {
  Shape shape;
  Vec3 centre;
  float extent, cosine, sine, bound2;
};

inline Body body_of(const SceneObject& object) {
  const float turn = object.rotation * 3.14159265f / 180;
  const float reach2 = object.shape == Shape::kSphere ? 1.0f
                       : object.shape == Shape::kCube ? 3.0f
                                                      : 2.0f;
  return {object.shape,   object.centre,  object.extent,
          std::cos(turn), std::sin(turn), reach2 * object.extent * object.extent};
}

/// Into the object's own axes.
inline Vec3 turned(const Body& body, const Vec3& v) {
  return {body.cosine * v.x + body.sine * v.y, body.cosine * v.y - body.sine * v.x, v.z};
}
inline Vec3 turned_back(const Body& body, const Vec3& v) {
  return {body.cosine * v.x - body.sine * v.y, body.cosine * v.y + body.sine * v.x, v.z};
}

/// Whether the ray passes the sphere around the object at all.
inline bool near_enough(const Body& body, const Ray& ray, float limit) {
  const Vec3 to = body.centre - ray.from;
  const float along = dot(to, ray.to);
  const float apart2 = dot(to, to) - along * along;
  if (apart2 > body.bound2) return false;
  const float half = std::sqrt(body.bound2 - apart2);
  return along + half > kNear && along - half < limit;
}

inline void hit_sphere(const Body& body, const Ray& ray, Hit& hit, int object) {
  const Vec3 to = body.centre - ray.from;
  const float along = dot(to, ray.to);
  const float under = body.extent * body.extent - dot(to, to) + along * along;
  if (under < 0) return;
  const float root = std::sqrt(under);
  const float at = along - root > kNear ? along - root : along + root;
  if (at <= kNear || at >= hit.distance) return;
  hit = {at, object, (ray.from + ray.to * at - body.centre) * (1 / body.extent)};
}

inline void hit_cube(const Body& body, const Ray& ray, Hit& hit, int object) {
  const Vec3 from = turned(body, ray.from - body.centre), to = turned(body, ray.to);
  const float f[] = {from.x, from.y, from.z}, d[] = {to.x, to.y, to.z};
  float enter = -kFar, leave = kFar;
  for (int i = 0; i < 3; ++i) {
    const float inverse = 1 / (std::abs(d[i]) < 1e-9f ? 1e-9f : d[i]);
    const float a = (-body.extent - f[i]) * inverse, b = (body.extent - f[i]) * inverse;
    enter = std::max(enter, std::min(a, b));
    leave = std::min(leave, std::max(a, b));
  }
  if (enter > leave || enter <= kNear || enter >= hit.distance) return;
  // Edges are rounded: from the sharp cube's face the ray goes on, by sphere tracing (Hart 1996),
  // to the cube of side 2 · (1 - kRound) that a ball of radius kRound has rolled around.
  constexpr float kRound = 0.14f;
  for (int step = 0; step < 12; ++step) {
    float beyond[3], apart2 = 0;
    for (int i = 0; i < 3; ++i) {
      const float place = (f[i] + d[i] * enter) / body.extent;
      const float over = std::max(0.0f, std::abs(place) - (1 - kRound));
      beyond[i] = place > 0 ? over : -over;
      apart2 += over * over;
    }
    const float left = std::sqrt(apart2) - kRound;
    if (left < 2e-3f) {
      const Vec3 normal = normalised({beyond[0], beyond[1], beyond[2]});
      hit = {enter, object, turned_back(body, normal)};
      return;
    }
    enter += left * body.extent;
    if (enter > leave || enter >= hit.distance) return;
  }
}

/// Cylinders and cones, standing: radius at the height z (from -extent to extent) is
/// `extent` · (1 − taper · (z + extent) / (2 · extent)).
inline void hit_round(const Body& body, const Ray& ray, Hit& hit, int object, float taper) {
  const Vec3 f = ray.from - body.centre;
  const Vec3& d = ray.to;
  const float slope = -body.extent * taper / (2 * body.extent);
  const float base =
      body.extent + slope * body.extent;  // the radius at z = 0 of a line through all
  const float r = base + slope * f.z, rd = slope * d.z;
  const float a = d.x * d.x + d.y * d.y - rd * rd;
  const float b = f.x * d.x + f.y * d.y - r * rd;
  const float c = f.x * f.x + f.y * f.y - r * r;
  const float under = b * b - a * c;
  if (under >= 0 && std::abs(a) > 1e-9f) {
    const float root = std::sqrt(under);
    for (const float sign : {-1.0f, 1.0f}) {
      const float at = (-b + sign * (a > 0 ? root : -root)) / a;
      const float z = f.z + d.z * at;
      if (at <= kNear || at >= hit.distance || std::abs(z) > body.extent) continue;
      if (base + slope * z < 0) continue;
      hit = {at, object, normalised({f.x + d.x * at, f.y + d.y * at, -slope * (base + slope * z)})};
      break;
    }
  }
  for (const float side : {1.0f, -1.0f}) {
    const float radius = base + slope * side * body.extent;
    if (std::abs(d.z) < 1e-9f || radius <= 0) continue;
    const float at = (side * body.extent - f.z) / d.z;
    const float x = f.x + d.x * at, y = f.y + d.y * at, from_axis = std::sqrt(x * x + y * y);
    if (at <= kNear || at >= hit.distance || from_axis > radius) continue;
    // The rim is rounded as a cube's edges are.
    const float edge = std::max(0.0f, from_axis / radius - 0.93f) * 8;
    const float lean = from_axis > 1e-6f ? edge / from_axis : 0;
    hit = {at, object, normalised({x * lean, y * lean, side})};
  }
}

/// Replaces the hit when the body is nearer. @param object its number
inline void hit_body(const Body& body, const Ray& ray, Hit& hit, int object) {
  switch (body.shape) {
    case Shape::kSphere: hit_sphere(body, ray, hit, object); break;
    case Shape::kCube: hit_cube(body, ray, hit, object); break;
    case Shape::kCylinder: hit_round(body, ray, hit, object, 0); break;
    case Shape::kCone: hit_round(body, ray, hit, object, 1); break;
  }
}

}  // namespace beholder::world
