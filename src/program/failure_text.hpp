// Why a program failed, in words for people.
#pragma once

#include <string>

#include "program/executor.hpp"

namespace beholder::program {

/// "there is no green cube", "there is more than one red sphere left of the cube: 2": the failed
/// step's finding, in the words of the filters and relations before it; "" without a failure.
/// @param execution of `program`
std::string failure_text(const Program& program, const Execution& execution);

}  // namespace beholder::program
