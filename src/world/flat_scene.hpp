// Flat pictures: shapes on a plain ground, as in NLVR, ShapeWorld and easy-VQA.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "program/executor.hpp"
#include "world/renderer.hpp"

namespace beholder::world {

enum class FlatShape { kCircle, kSquare, kTriangle };

const char* flat_shape_name(FlatShape shape);  ///< "circle", "square", "triangle"

struct FlatObject {
  FlatShape shape = FlatShape::kCircle;
  std::string size, color;
  float x = 0, y = 0;  ///< of the centre, pixels
  float radius = 10;   ///< half of the width, pixels
  float rotation = 0;  ///< degrees
  Vec3 tint;           ///< sRGB, 0..1
  /// Whether the shape fills the square of twice the radius, as in NLVR; else its area is nearer to
  /// the circle's.
  bool snug = false;
};

/// A part of the picture with things of its own.
struct FlatBox {
  int left = 0, right = 0;  ///< pixels; as high as the picture
  Vec3 ground;              ///< sRGB, 0..1
};

struct FlatScene {
  int width = 320, height = 240;
  std::vector<FlatObject> objects;
  Vec3 ground{1, 1, 1};
  std::vector<FlatBox> boxes;  ///< empty: the whole picture is one
  float noise = 0;
  std::uint64_t seed = 0;
};

struct FlatStyle {
  int width = 320, height = 240;
  int min_objects = 1, max_objects = 10;
  float min_gap = 4;  ///< pixels between two objects
  float tilt = 45;    ///< largest rotation, degrees
};

/// @throws Error kUsage for a style that leaves no room
FlatScene sample_flat_scene(const FlatStyle& style, std::uint64_t seed);

/// Three boxes side by side, half a box apart, with one to eight shapes each, now and then at a
/// wall, or with a tower of one to four blocks each, as in NLVR (Suhr et al. 2017).
/// @param side of a box, pixels; the picture is four times as wide. @throws Error kUsage below 48
FlatScene sample_boxes_scene(int side, std::uint64_t seed);

/// Sixteen samples a pixel.
Rendering render(const FlatScene& scene);

/// The scene as programs see it: across is x, height is up.
program::World world_of(const FlatScene& scene);

}  // namespace beholder::world
