// Pictures made of several boxes side by side: which thing lies in which, and what it touches.
#pragma once

#include <vector>

#include "program/executor.hpp"

namespace beholder::program {

/// A rectangle in any unit; y grows downwards.
struct Rectangle {
  double left = 0, top = 0, right = 0, bottom = 0;
};

/// Sets `World::boxes` and each thing's `box` and `walls`. A thing belongs to the box whose middle
/// is nearest to its own across the picture.
/// @param things where each of the world's things is seen, in their order
/// @param boxes from left to right, at least one
/// @param tolerance how far from a wall a thing may end and still touch it
void place_in_boxes(World& world, const std::vector<Rectangle>& things,
                    const std::vector<Rectangle>& boxes, double tolerance);

}  // namespace beholder::program
