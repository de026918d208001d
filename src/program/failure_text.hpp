// Why a program did not come to its end, for people.
#pragma once

#include <string>

#include "program/executor.hpp"

namespace beholder::program {

/// "there is no green cube", "there is more than one red sphere left of the cube: 2": what the step
/// that failed found, in the words of the filters and relations before it.
/// @param execution of `program`; "" when it came to its end
std::string failure_text(const Program& program, const Execution& execution);

}  // namespace beholder::program
