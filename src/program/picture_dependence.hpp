// Whether a program's answer depends on the picture at all.
#pragma once

#include "program/program.hpp"

namespace beholder::program {

/// Whether anything that the program measures (a number, existence, an attribute), or whether it
/// fails, varies over random worlds made of the things that it mentions. "Are there more red cubes
/// than cubes?" has one answer, yet depends on the picture. True as well for a program that fails
/// in all of them. Deterministic.
bool depends_on_picture(const Program& program);

}  // namespace beholder::program
