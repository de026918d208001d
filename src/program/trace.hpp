// The way to an answer, in steps that a person can follow and a program can check.
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
  Set objects;        ///< what is left after it; for numbers, words and truths what they are of
  std::string value;  ///< for numbers, words and truths, as `answer_text` writes them; else ""
};

/// Every step of the program is in exactly one trace step, and each trace step names the earlier
/// ones that it goes on from by their number, beginning with 1.
/// @param execution of `program`, come to its end (see `Execution::ok`)
std::vector<TraceStep> trace_of(const Program& program, const Execution& execution);

}  // namespace beholder::program
