// Drawings of a few plain shapes, read exactly from their pixels.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vision/intake/image.hpp"

namespace beholder::vision {

/// A circle, square, rectangle or triangle of one tone.
struct FlatShape {
  std::string shape;  ///< "circle", "square", "rectangle", "triangle"
  std::array<std::uint8_t, 3> rgb{};
  std::array<float, 4> box{};  ///< left, top, right, bottom, as shares of the picture's sides
  float x = 0, y = 0;          ///< of its centre, as shares
  float radius = 0;            ///< of the circle of the same area, as a share of the shorter side
};

/// The shapes of a picture that shows nothing else: one to twelve of them, whole and apart, each of
/// one tone, on a ground of one tone. Outlines are told by how much of the smallest circle, turned
/// rectangle or triangle around them they fill.
/// @return nothing for every other picture, also where shapes overlap or are cut off
std::optional<std::vector<FlatShape>> read_flat_shapes(const Image& image);

}  // namespace beholder::vision
