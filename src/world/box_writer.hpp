// Words about pictures made of boxes, each with the program text that it stands for: what all
// statements about boxes are made of.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/random.hpp"
#include "program/executor.hpp"

namespace beholder::world {

/// Words and the program text that they stand for.
struct Said {
  std::string text, program;
};

/// A noun for some things of the whole picture or, within a box, of that box.
struct Noun {
  std::string one, many;
  std::string set;  ///< program of the set
};

/// How many: "a", "exactly two", "no" …
struct Amount {
  enum Kind { kSome, kExactly, kAtLeast, kNone, kMoreThan, kAtMost };
  Kind kind = kSome;
  long number = 1;
  std::string text;
  bool plural = false;

  /// That there are so many members of a set, or boxes in which something is true.
  std::string of_things(const std::string& set) const;
  std::string of_boxes(const std::string& truth) const;

  /// "exactly two cubes"
  std::string counted(const std::string& one, const std::string& many) const {
    return text + " " + (plural ? many : one);
  }
  std::string there() const { return plural ? "there are " : "there is "; }
};

/// Program texts.
std::string both(const std::string& a, const std::string& b);
std::string colored(const std::string& color);              ///< the set of that colour
std::string count_is(const std::string& set, long number);  ///< that a set has so many members
std::string end_is(const std::string& color, bool top);     ///< that the top, or the base, is such
std::string stacked(const std::string& upper, const std::string& relation,
                    const std::string& lower);  ///< the things upon, above … others

/// Draws words for a picture of boxes. All its functions draw from `random`, in the order of the
/// words.
class BoxWriter {
 public:
  BoxWriter(const program::World& world, Random& random);

  /// Whether all boxes hold towers of blocks, and not scattered shapes.
  bool towers() const { return towers_; }

  std::string any(const std::vector<std::string>& words) { return random_.among(words); }
  bool chance(double probability) { return random_.chance(probability); }
  std::size_t below(std::size_t count) { return random_.below(count); }
  /// first <= value < first + count
  long number_from(long first, std::size_t count) {
    return first + static_cast<long>(random_.below(count));
  }

  /// A colour of the picture, or one that is not there.
  const std::string& color() { return random_.among(colors_); }
  /// A number as a word or in digits.
  std::string number(long n);
  /// @param with_color, with_shape how likely each is said
  Noun noun(double with_color, double with_shape);
  Amount amount(long most, bool may_be_none = true);
  /// "touching the wall"; the set narrowed to what does, or does not.
  Said touching(const std::string& set);
  /// "box", "towers"
  std::string container(bool plural);

 private:
  Random& random_;
  std::vector<std::string> colors_;
  bool towers_ = true;
};

}  // namespace beholder::world
