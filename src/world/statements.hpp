// Statements about pictures made of boxes, true and false ones: our own grammar over what people
// say of such pictures (Suhr et al. 2017, "A Corpus of Natural Language for Visual Reasoning").
#pragma once

#include <optional>

#include "core/random.hpp"
#include "program/executor.hpp"
#include "world/questions.hpp"

namespace beholder::world {

/// A statement, a question for its truth, or one for a number, about boxes and what is in them: how
/// many, of what colour, shape and size, at which wall, one upon another, at a tower's top or base.
/// @return nothing when the words drawn do not fit the scene
std::optional<Question> state_about_boxes(const program::World& world, Random& random);

}  // namespace beholder::world
