// What a program's steps hold, by their place in the program: what a direct answer has to find on
// its way, and so what its training can name.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "program/executor.hpp"
#include "program/program.hpp"

namespace beholder::train {

/// The places: a binary heap. What is counted, asked of or looked for stands at 0, or at 1 and 2
/// where two are compared; what `i` was found from stands at 2 i + 1 and 2 i + 2.
constexpr std::size_t kHeldPlaces = 15;

/// The set (or one object) at each place; nothing at a place that the program has not.
/// @param execution of that program, to its end
std::vector<std::optional<program::Set>> held_sets(const program::Program& program,
                                                   const program::Execution& execution);

}  // namespace beholder::train
