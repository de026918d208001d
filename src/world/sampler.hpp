// Random scenes by CLEVR's placement rules, and more varied ones.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "world/scene.hpp"

namespace beholder::world {

struct NamedColor {
  std::string name;
  Vec3 tint;  ///< linear
};

/// What random scenes are sampled from.
struct SceneStyle {
  int width = 320, height = 240;
  int min_objects = 3, max_objects = 10;
  std::vector<Shape> shapes = {Shape::kCube, Shape::kSphere, Shape::kCylinder};
  std::vector<NamedColor> colors;
  float large = 0.7f, small = 0.35f;  ///< half of the height
  float reach = 3;        ///< objects stand at most so far from the middle, along each axis
  float min_gap = 0.25f;  ///< between the bounds of two objects on the ground
  /// At least so far apart along right and behind, so that left and right are never in doubt.
  float margin = 0.4f;
  int min_pixels = 200;  ///< visible of each object, at 320 x 240; in proportion at other sizes
  /// How much lamps, camera, ground, tint, blur and noise vary; 0: not at all, 1: more than CLEVR.
  float variety = 1;
};

/// CLEVR's objects and rules (Johnson et al. 2017; properties.json and the defaults of the
/// published generator): three shapes, two sizes, eight colours, two materials.
SceneStyle clevr_style();

/// Cones, more colours, coloured grounds, lower and higher cameras.
SceneStyle open_style();

/// A scene that keeps the style's rules; the same seed gives the same scene.
/// @throws Error kUsage for a style that leaves no room
Scene sample_scene(const SceneStyle& style, std::uint64_t seed);

}  // namespace beholder::world
