// Whether a program can mean what a question says: nothing of it left out and nothing made up.
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

/// Why a program cannot mean what was asked; empty if it can. Each content word (values of
/// attributes, names, places, directions, numbers, "same", "touching", …) needs a step and each
/// filter and direction a word; question and program must both negate or neither; no step may
/// compare a thing with itself or ask for what the question says.
std::string misreading(const Program& program, const Asked& asked);

}  // namespace beholder::program
