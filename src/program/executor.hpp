// Runs programs on the objects of a scene, exactly, without pictures or networks.
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
  /// Position as seen from the camera: to the right, away from it, up; any unit, one for all.
  double across = 0, depth = 0, height = 0;
  double extent = 0;            ///< how large it is, for "largest"
  std::size_t box = 0;          ///< the box of the picture that it lies in
  std::set<std::string> walls;  ///< of its box that it touches: "left", "right", "top", "bottom"
};

struct World {
  std::vector<Thing> things;
  double margin = 0;      ///< how much farther in a direction counts as lying there
  std::size_t boxes = 1;  ///< side by side, that make up the picture
};

/// A set holds indices into `World::things`, ascending; an object is one of them.
using Set = std::vector<std::size_t>;
struct Object {
  std::size_t place = 0;
  bool operator==(const Object& other) const { return place == other.place; }
};
using Value = std::variant<Set, Object, long, bool, std::string>;

/// The results of a program's steps.
struct Execution {
  std::vector<Value> values;  ///< up to the step that failed
  std::string failure;        ///< why a step failed; empty when the program ran to its end
  /// For each step over boxes the box that decided its answer, else the first; the values of the
  /// steps inside it are those of that box.
  std::map<std::size_t, std::size_t> shown_boxes;

  bool ok() const { return failure.empty(); }
};

/// Runs a checked program (see `check_program`). A step fails for `unique` of a set that does not
/// have exactly one member, a superlative of an empty set or with a tie, an attribute that the
/// object lacks, an unknown direction, or a malformed number.
Execution execute(const Program& program, const World& world);

/// A value as people write it: "3", "yes", "no", "red"; sets and objects as "2 objects".
std::string answer_text(const Value& value);

/// Whether `thing` touches the "left", "right", "top" or "bottom" wall of its box, any "wall", or
/// two that meet in a "corner"; false for any other word.
bool touches(const Thing& thing, const std::string& what);

/// Whether `thing` lies in the direction (left, right, front, behind, above, below) of `from`;
/// "on": stands directly on it in the same box; "under": the other way round. False for other
/// words.
bool lies(const Thing& thing, const std::string& direction, const Thing& from, double margin);
bool is_direction(const std::string& word);

}  // namespace beholder::program
