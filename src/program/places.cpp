#include "program/places.hpp"

namespace beholder::program {
namespace {

/// How far from the picture's middle a thing must be to lie in a half, and outside the middle
/// field.
constexpr double kStrip = 0.04, kField = 0.14;

const char* along(double at, double reach, const char* before, const char* after) {
  if (at < 0.5 - reach) return before;
  return at > 0.5 + reach ? after : "middle";
}

}  // namespace

void set_place(Thing& thing, double x, double y) {
  thing.attributes["side"] = along(x, kStrip, "left", "right");
  thing.attributes["level"] = along(y, kStrip, "top", "bottom");
  const std::string column = along(x, kField, "left", "right");
  const std::string row = along(y, kField, "top", "bottom");
  std::string& place = thing.attributes["place"];
  if (row == "middle")
    place = column;
  else
    place = column == "middle" ? row : row + " " + column;
}

bool is_place_attribute(const std::string& attribute) {
  return attribute == "side" || attribute == "level" || attribute == "place";
}

std::string direction_phrase(const std::string& direction) {
  if (direction == "left" || direction == "right") return direction + " of";
  return direction == "front" ? "in front of" : direction;
}

std::string place_phrase(const std::string& attribute, const std::string& value) {
  if (value == "middle") return "in the middle";
  return (attribute == "side" ? "on the " : "at the ") + value;
}

}  // namespace beholder::program
