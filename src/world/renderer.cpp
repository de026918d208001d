#include "world/renderer.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "world/intersection.hpp"

namespace beholder::world {
namespace {

/// Of each lamp, for each pixel; what is left of the noise is smoothed afterwards.
constexpr int kLampSamples = 2;

class Tracer {
 public:
  explicit Tracer(const Scene& scene) : scene_(scene) {
    for (const SceneObject& object : scene.objects) bodies_.push_back(body_of(object));
    // Where in the picture each body can be seen: first rays test only those.
    for (const Body& body : bodies_) {
      const float bound = std::sqrt(body.bound2);
      const Vec3 at = scene.camera.project(body.centre);
      const float radius = at.z > bound ? scene.camera.focal * bound / (at.z - bound) : kFar;
      spans_.push_back({at.x - radius, at.x + radius, at.y - radius, at.y + radius});
    }
  }

  Hit first(float x, float y) const {
    const Ray ray{scene_.camera.place, scene_.camera.ray(x, y)};
    Hit hit = ground(ray);
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      const auto& s = spans_[i];
      if (x >= s[0] && x <= s[1] && y >= s[2] && y <= s[3])
        hit_body(bodies_[i], ray, hit, static_cast<int>(i));
    }
    return hit;
  }

  /// Linear light along the ray through a point of the picture.
  Vec3 light(float x, float y, Random& random) const {
    const Ray ray{scene_.camera.place, scene_.camera.ray(x, y)};
    return shade(ray, first(x, y), random, true);
  }

  /// Where light from a lamp lands after a metal object mirrored it, followed for single photons
  /// (the caustics of Jensen 1996, "Global Illumination using Photon Maps", left unsmoothed).
  /// @param land called with the place, the body hit (kGround for none) and the colour carried
  template <typename Land>
  void throw_photons(Random& random, const Land& land) const {
    const auto around = [&](float reach) {
      const auto one = [&] { return static_cast<float>(random.between(-1, 1)) * reach; };
      const float x = one(), y = one(), z = one();
      return Vec3{x, y, z};
    };
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      const SceneObject& object = scene_.objects[i];
      if (object.material != Material::kMetal) continue;
      for (const Lamp& lamp : scene_.lamps) {
        const auto count = static_cast<int>(scene_.sparkle * 1400 * object.extent * random.unit());
        const auto rough = static_cast<float>(random.between(0.06, 0.4));
        for (int k = 0; k < count; ++k) {
          const Vec3 from = lamp.place + around(lamp.radius * 0.6f);
          const Vec3 to = normalised(object.centre + around(object.extent) - from);
          const Hit metal = closest({from, to});
          if (metal.object != static_cast<int>(i)) continue;
          const Vec3 mirrored = to - metal.normal * (2 * dot(to, metal.normal));
          const Ray next{from + to * metal.distance + metal.normal * 2e-3f,
                         normalised(mirrored + around(rough))};
          const Hit end = closest(next);
          if (end.object == kSky) continue;
          const auto strength = static_cast<float>(random.unit());
          land(next.from + next.to * end.distance, end.object,
               object.tint * (0.1f + 1.6f * strength * strength * strength));
        }
      }
    }
  }

 private:
  Hit ground(const Ray& ray) const {
    Hit hit;
    if (ray.to.z < -1e-6f) {
      const float at = -ray.from.z / ray.to.z;
      if (at > kNear) hit = {at, kGround, {0, 0, 1}};
    }
    return hit;
  }

  Hit closest(const Ray& ray) const {
    Hit hit = ground(ray);
    for (std::size_t i = 0; i < bodies_.size(); ++i)
      if (near_enough(bodies_[i], ray, hit.distance))
        hit_body(bodies_[i], ray, hit, static_cast<int>(i));
    return hit;
  }

  bool blocked(const Ray& ray, float limit) const {
    for (const Body& body : bodies_) {
      if (!near_enough(body, ray, limit)) continue;
      Hit hit;
      hit.distance = limit;
      hit_body(body, ray, hit, 0);
      if (hit.object == 0) return true;
    }
    return false;
  }

  /// The world around: black above, lighter at the horizon, and the lamps themselves, smaller than
  /// they are for shadows: what metal mirrors of them are points.
  Vec3 sky(const Ray& ray) const {
    const float up = std::min(1.0f, std::max(0.0f, ray.to.z));
    Vec3 out = scene_.ambient * (1.2f * (1 - up) * (1 - up) * scene_.horizon);
    for (const Lamp& lamp : scene_.lamps) {
      const Vec3 to = lamp.place - ray.from;
      const float distance2 = dot(to, to), along = dot(to, ray.to);
      if (along <= 0) continue;
      const float apart2 = (distance2 - along * along) / (0.3f * lamp.radius * lamp.radius);
      if (apart2 < 1.4f) out = out + lamp.power * (0.3f * std::min(1.0f, 1.4f - apart2));
    }
    return out;
  }

  Vec3 shade(const Ray& ray, const Hit& hit, Random& random, bool reflect) const {
    if (hit.object == kSky) return sky(ray);
    const Vec3 at = ray.from + ray.to * hit.distance;
    const bool on_ground = hit.object == kGround;
    const SceneObject* object = on_ground ? nullptr : &scene_.objects[hit.object];
    const bool metal = !on_ground && object->material == Material::kMetal;
    const Vec3 tint = on_ground ? scene_.ground : object->tint;
    const Vec3 mirrored = ray.to - hit.normal * (2 * dot(ray.to, hit.normal));
    // The ground reflects light onto what stands on it, which leaves little shade there.
    const float flat = on_ground ? 0 : scene_.flatness;
    Vec3 diffuse = scene_.ambient * (0.6f + 0.4f * hit.normal.z + 1.3f * flat), gloss{0, 0, 0};
    for (const Lamp& lamp : scene_.lamps) {
      // Two directions across the line to the lamp.
      const Vec3 axis = normalised(lamp.place - at);
      const Vec3 side =
          normalised(cross(axis, std::abs(axis.z) < 0.9f ? Vec3{0, 0, 1} : Vec3{1, 0, 0}));
      const Vec3 other = cross(axis, side);
      const auto turn = static_cast<float>(random.unit());
      for (int s = 0; s < kLampSamples; ++s) {
        const float angle =
            6.2831853f * (turn + static_cast<float>(s) / static_cast<float>(kLampSamples));
        const float out =
            lamp.radius * std::sqrt((static_cast<float>(s) + static_cast<float>(random.unit())) /
                                    static_cast<float>(kLampSamples));
        const Vec3 to =
            lamp.place + side * (out * std::cos(angle)) + other * (out * std::sin(angle)) - at;
        const float distance = length(to);
        const Vec3 direction = to * (1 / distance);
        const float facing = dot(direction, hit.normal);
        if (facing <= 0 || blocked({at + hit.normal * 2e-3f, direction}, distance)) continue;
        const float weight = 1 / (distance * distance * static_cast<float>(kLampSamples));
        diffuse = diffuse + lamp.power * (facing * weight * (1 - 0.72f * flat));
        const float shine = std::max(0.0f, dot(mirrored, direction));
        if (!on_ground) {
          float power = shine * shine * shine * shine;
          power *= power * power;  // to the twelfth
          gloss = gloss + lamp.power * (weight * (metal ? power * power * power : 0.05f * power));
        }
      }
    }
    if (!metal) return tint * diffuse + gloss;
    Vec3 seen = scene_.ambient;
    if (reflect) {
      const Ray next{at + hit.normal * 2e-3f, mirrored};
      seen = shade(next, closest(next), random, false);
    }
    const float facing = std::max(0.0f, -dot(ray.to, hit.normal));
    const float rim = 1 - facing, fresnel = rim * rim * rim * rim * rim;
    const Vec3 mirror = tint * (1 - fresnel) + Vec3{1, 1, 1} * fresnel;
    return tint * diffuse * 0.06f + mirror * seen + mirror * gloss * 2.2f;
  }

  const Scene& scene_;
  std::vector<Body> bodies_;
  std::vector<std::array<float, 4>> spans_;
};

void see(Rendering& out, const Scene& scene, const Tracer& tracer) {
  const int width = scene.camera.width, height = scene.camera.height;
  out.ids.resize(static_cast<std::size_t>(width) * height);
  out.visible.assign(scene.objects.size(), {});
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const int object =
          tracer.first(static_cast<float>(x) + 0.5f, static_cast<float>(y) + 0.5f).object;
      out.ids[static_cast<std::size_t>(y) * width + x] = static_cast<std::int8_t>(object);
      if (object >= 0) out.visible[object].add(x, y);
    }
}

/// Linear light to the eight bits of sRGB, compressed at the bright end so that highlights keep
/// detail.
std::uint8_t to_byte(float light, float noise) {
  const float bent = light < 0.8f ? light : 1 - 0.2f * std::exp(-(light - 0.8f) / 0.2f);
  const float srgb =
      bent <= 0.0031308f ? 12.92f * bent : 1.055f * std::pow(bent, 1 / 2.4f) - 0.055f;
  return static_cast<std::uint8_t>(std::clamp(srgb * 255 + noise + 0.5f, 0.0f, 255.0f));
}

/// Bright grains in the colours of the metal around, such as a path tracer with few paths leaves.
void throw_sparkles(const Scene& scene, const Tracer& tracer, const std::vector<std::int8_t>& ids,
                    std::vector<Vec3>& light, Random& random) {
  const Camera& camera = scene.camera;
  tracer.throw_photons(random, [&](const Vec3& place, int object, const Vec3& color) {
    const Vec3 at = camera.project(place);
    const int x = static_cast<int>(std::floor(at.x)), y = static_cast<int>(std::floor(at.y));
    if (at.z <= 0 || x < 0 || y < 0 || x >= camera.width || y >= camera.height) return;
    const std::size_t pixel = static_cast<std::size_t>(y) * camera.width + x;
    if (ids[pixel] != object) return;  // something stands before it
    const Hit seen = tracer.first(at.x, at.y);
    if (seen.object != object || length(place - camera.place) > seen.distance + 0.1f) return;
    const Vec3 tint = object == kGround ? Vec3{1, 1, 1} : scene.objects[object].tint * 1.3f;
    light[pixel] = light[pixel] + tint * color;
  });
}

/// The unevenness that a path tracer leaves on objects; now and then a bright grain, most of all on
/// metal.
void add_grain(const Scene& scene, const std::vector<std::int8_t>& ids, std::vector<Vec3>& light,
               Random& random) {
  if (scene.grain <= 0) return;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0) continue;
    const bool metal = scene.objects[ids[i]].material == Material::kMetal;
    const double uneven = random.unit() + random.unit() + random.unit() - 1.5;  // deviation 1/2
    double factor = 1 + uneven * scene.grain * (metal ? 0.2 : 0.1);
    if (random.chance(0.06)) factor += random.unit() * scene.grain * (metal ? 0.7 : 0.15);
    light[i] = light[i] * static_cast<float>(factor);
  }
}

/// A separable Gaussian over the light.
void soften(std::vector<Vec3>& light, int width, int height, float sigma) {
  const int reach = static_cast<int>(std::ceil(2.5f * sigma));
  std::vector<float> weights;
  float sum = 0;
  for (int i = -reach; i <= reach; ++i) {
    weights.push_back(std::exp(-static_cast<float>(i * i) / (2 * sigma * sigma)));
    sum += weights.back();
  }
  for (float& weight : weights) weight /= sum;
  std::vector<Vec3> across(light.size());
  for (int pass = 0; pass < 2; ++pass) {
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) {
        Vec3 total;
        for (int i = -reach; i <= reach; ++i) {
          const int xx = pass == 0 ? std::clamp(x + i, 0, width - 1) : x;
          const int yy = pass == 1 ? std::clamp(y + i, 0, height - 1) : y;
          total = total + light[static_cast<std::size_t>(yy) * width + xx] * weights[i + reach];
        }
        across[static_cast<std::size_t>(y) * width + x] = total;
      }
    light.swap(across);
  }
}

/// Linear light at each pixel: four rays at edges, one elsewhere.
std::vector<Vec3> expose(const Scene& scene, const Tracer& tracer,
                         const std::vector<std::int8_t>& ids, Random& random) {
  const int width = scene.camera.width, height = scene.camera.height;
  std::vector<Vec3> light(ids.size());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * width + x;
      const std::int8_t id = ids[i];
      const bool edge = (x > 0 && ids[i - 1] != id) || (x + 1 < width && ids[i + 1] != id) ||
                        (y > 0 && ids[i - width] != id) || (y + 1 < height && ids[i + width] != id);
      const float fx = static_cast<float>(x), fy = static_cast<float>(y);
      if (!edge) {
        light[i] = tracer.light(fx + 0.5f, fy + 0.5f, random);
        continue;
      }
      Vec3 sum;
      for (const auto& [dx, dy] :
           {std::pair{0.375f, 0.125f}, {0.875f, 0.375f}, {0.125f, 0.625f}, {0.625f, 0.875f}}) {
        // One bright sample must not outshine the other three.
        const Vec3 one = tracer.light(fx + dx, fy + dy, random);
        sum =
            sum + Vec3{std::min(one.x, 1.5f), std::min(one.y, 1.5f), std::min(one.z, 1.5f)} * 0.25f;
      }
      light[i] = sum;
    }
  return light;
}

/// The lamps' samples leave noise: the light smoothed over neighbours of the same object.
std::vector<Vec3> smoothed(const std::vector<Vec3>& light, const std::vector<std::int8_t>& ids,
                           int width, int height) {
  std::vector<Vec3> smooth(light.size());
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const std::size_t i = static_cast<std::size_t>(y) * width + x;
      const bool ground = ids[i] < 0;
      const int reach = ground ? 2 : 1;
      Vec3 sum;
      float count = 0;
      for (int yy = std::max(0, y - reach); yy <= std::min(height - 1, y + reach); ++yy)
        for (int xx = std::max(0, x - reach); xx <= std::min(width - 1, x + reach); ++xx) {
          const std::size_t j = static_cast<std::size_t>(yy) * width + xx;
          const Vec3 apart = light[j] - light[i];
          if (ids[j] != ids[i] || (!ground && dot(apart, apart) > 0.01f)) continue;
          sum = sum + light[j];
          count += 1;
        }
      smooth[i] = sum * (1 / count);
    }
  return smooth;
}

}  // namespace

Rendering render_ids(const Scene& scene) {
  Rendering out;
  see(out, scene, Tracer(scene));
  return out;
}

Rendering render(const Scene& scene) {
  Rendering out;
  const Tracer tracer(scene);
  see(out, scene, tracer);
  const int width = scene.camera.width, height = scene.camera.height;
  Random random(scene.seed ^ 0x5ce4e);
  std::vector<Vec3> light =
      smoothed(expose(scene, tracer, out.ids, random), out.ids, width, height);
  throw_sparkles(scene, tracer, out.ids, light, random);
  add_grain(scene, out.ids, light, random);
  if (scene.blur > 0.05f) soften(light, width, height, scene.blur);
  out.image.width = width;
  out.image.height = height;
  out.image.rgb.resize(out.ids.size() * 3);
  for (std::size_t i = 0; i < light.size(); ++i) {
    const Vec3 tinted = light[i] * scene.tint;
    const float values[] = {tinted.x, tinted.y, tinted.z};
    // The sum of three uniform numbers is near enough to a normal one, of variance 1/4.
    for (int c = 0; c < 3; ++c) {
      const auto noise = static_cast<float>(random.unit() + random.unit() + random.unit() - 1.5);
      out.image.rgb[3 * i + c] = to_byte(values[c], 2 * scene.noise * noise);
    }
  }
  return out;
}

}  // namespace beholder::world
