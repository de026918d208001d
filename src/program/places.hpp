// Where in the picture a thing is, absolutely: "on the left", "at the top", "in the middle".
#pragma once

#include <string>

#include "program/executor.hpp"

namespace beholder::program {

/// Gives a thing the attributes that say where in the picture its centre lies, for filters and
/// queries: "side" (left, middle, right), "level" (top, middle, bottom) and "place", one of nine
/// fields ("top left", "top", …, "middle", …, "bottom right"). Between left and right halves, and
/// between upper and lower ones, lies a narrow strip that is neither.
/// @param x,y of the centre, 0..1 from the picture's upper left corner
void set_place(Thing& thing, double x, double y);

/// Whether an attribute is one of the three that `set_place` gives.
bool is_place_attribute(const std::string& attribute);

/// A direction between things as a phrase: "left of", "in front of", "behind", "above".
std::string direction_phrase(const std::string& direction);

/// As a phrase: ("side", "left") -> "on the left", ("place", "middle") -> "in the middle".
std::string place_phrase(const std::string& attribute, const std::string& value);

}  // namespace beholder::program
