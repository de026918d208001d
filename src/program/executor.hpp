// Programs done on objects, exactly. Knows nothing of pictures or networks.
#pragma once

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "program/program.hpp"

namespace beholder::program {

/// An object as a program sees it.
struct Thing {
  std::map<std::string, std::string> attributes;  ///< "color" -> "red", "shape" -> "cube", …
  /// Where it stands, seen from the camera: to the right, away from it, up. Any unit, the same for
  /// all.
  double across = 0, depth = 0, height = 0;
  double extent = 0;            ///< how large it is, for "largest"
  std::size_t box = 0;          ///< in which box of the picture it lies
  std::set<std::string> walls;  ///< of its box, that it touches: "left", "right", "top", "bottom"
};

struct World {
  std::vector<Thing> things;
  /// How much farther in a direction a thing must stand to count as lying there.
  double margin = 0;
  std::size_t boxes = 1;  ///< that the picture is made of, from left to right
};

/// Sets are places in `World::things`, rising; an object is one of them.
using Set = std::vector<std::size_t>;
struct Object {
  std::size_t place = 0;
  bool operator==(const Object& other) const { return place == other.place; }
};
using Value = std::variant<Set, Object, long, bool, std::string>;

/// What each step gave, in the program's order.
struct Execution {
  std::vector<Value> values;  ///< up to the step that failed
  std::string failure;        ///< empty: the program came to its end; else why not
  /// For each step that looks into boxes, the box that decides, or the first one; the values of the
  /// steps that it asks are those in that box.
  std::map<std::size_t, std::size_t> shown_boxes;

  bool ok() const { return failure.empty(); }
};

/// Runs a checked program (see `check_program`). A step can fail: `unique` of a set that has not
/// one member, a superlative of an empty one, an attribute that the object has not, a direction
/// that is not known, a number that is none.
Execution execute(const Program& program, const World& world);

/// As people write it: "3", "yes", "no", "red". Sets and objects, which are no answer, as "2
/// objects".
std::string answer_text(const Value& value);

/// Whether `thing` touches of its box a "left", "right", "top" or "bottom" wall, any "wall", or two
/// that meet in a "corner". @return false too for another word
bool touches(const Thing& thing, const std::string& what);

/// Whether `thing` lies in the direction (left, right, front, behind, above, below) of `from`; on:
/// stands right upon it in the same box; under: the other way round.
/// @return false too for a direction that is not known; see `is_direction`
bool lies(const Thing& thing, const std::string& direction, const Thing& from, double margin);
bool is_direction(const std::string& word);

}  // namespace beholder::program
