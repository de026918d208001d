// Supervision of intermediate steps: which objects each step of a gold program selects. A network
// that answers directly has to find them too, so training asks it which they are.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "program/executor.hpp"
#include "program/program.hpp"

namespace beholder::train {

/// Steps are numbered as in a binary heap: the set that is counted or asked about is 0 (1 and 2
/// where two are compared), and the inputs of i are 2 i + 1 and 2 i + 2. Deeper ones are left out.
constexpr std::size_t kStepPlaces = 15;

/// The objects that each step selects; nothing for a number that the program does not use.
/// @param execution of that program, to its end  @throws Error kUsage when it did not reach it
std::vector<std::optional<program::Set>> step_targets(const program::Program& program,
                                                      const program::Execution& execution);

}  // namespace beholder::train
