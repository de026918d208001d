// The steps that led to an answer, for people to follow and programs to check.
#pragma once

#include <string>
#include <vector>

#include "program/executor.hpp"

namespace beholder::program {

/// Some steps of a program that belong together, as "find" and the filters after it.
struct TraceStep {
  std::string operation;           ///< of the first of them: "find", "relate", "count", …
  std::string text;                ///< "find big green cylinder", "left of 1, small", "count"
  std::vector<std::size_t> steps;  ///< places in the program, rising
  Set objects;        ///< what is left after it, or what its number, word or truth is about
  std::string value;  ///< for numbers, words and truths, as `answer_text` writes them; else ""
};

/// Every step of the program is in exactly one trace step; a trace step's text names the earlier
/// trace steps that it builds on by their number, from 1.
/// @param execution of `program`, without a failure
std::vector<TraceStep> trace_of(const Program& program, const Execution& execution);

}  // namespace beholder::program
