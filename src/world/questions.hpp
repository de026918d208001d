// Questions about scenes, each with its program: a grammar of our own over the families of CLEVR
// (Johnson et al. 2017) and beyond them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "program/executor.hpp"
#include "program/program.hpp"

namespace beholder::world {

struct Question {
  std::string text, answer;
  /// What kind it is: "count", "exist", "query", "same", "or", "and", "compare_count", "compare",
  /// "quantifier", "superlative", "statement", "boxes".
  std::string family;
  program::Program program;
};

/// The words that fit a kind of scene.
struct Language {
  std::vector<std::string> attributes = {"size", "color", "material", "shape"};
  std::vector<std::string> directions = {"left", "right", "front", "behind"};
  std::vector<std::string> superlatives = {"leftmost", "rightmost", "frontmost", "backmost"};
  bool boxes = false;  ///< statements about boxes, in place of the other questions
};

/// Of scenes on the ground, and of flat pictures.
Language ground_language();
Language flat_language();
Language boxes_language();

/// Asks questions and keeps their answers balanced: within a family and an attribute no answer
/// grows much more frequent than the others, so that none can be guessed from the words.
class Questioner {
 public:
  Questioner(const Language& language, std::uint64_t seed) : language_(language), random_(seed) {}

  /// Up to `count` different questions (fewer for scenes too plain to ask more). Degenerate ones
  /// are left out: a relation that changes nothing, a comparison of a thing with itself, a set
  /// named twice.
  std::vector<Question> ask(const program::World& world, std::size_t count);

 private:
  bool balanced(const Question& question);

  Language language_;
  Random random_;
  std::map<std::string, std::map<std::string, int>> answers_;
};

}  // namespace beholder::world
