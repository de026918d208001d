// Whether a program can mean what a question says: nothing of the question left out, nothing made
// up, and an answer that depends on the picture.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "program/program.hpp"

namespace beholder::program {

/// A question as far as its meaning is checked.
struct Asked {
  std::vector<std::string> words;  ///< lower case, in order
  bool denies = false;             ///< "no", "not", "without", …
  bool alternative = false;        ///< "red or blue?": the values named need not be filters
};

Asked asked_of(std::string_view question);

/// Why a program does not mean what was asked; empty when nothing speaks against it. Content words
/// (values of attributes, names, places, directions, numbers, "same", "touching", …) must have a
/// step that they stand for, each filter and direction a word that says it, a denial a step that
/// denies and the other way round, and no step may compare a thing with itself or ask for what the
/// question says.
std::string misreading(const Program& program, const Asked& asked);

/// Whether something that the program measures (a number, whether there is something, an attribute)
/// or its coming to an end differs from picture to picture: tried on random worlds that hold what
/// it speaks of. "Are there more red cubes than cubes?" has one answer, but is about the picture.
/// True too where the program comes to its end in none. The same program, the same result.
bool depends_on_picture(const Program& program);

}  // namespace beholder::program
