// Kinds of questions beyond CLEVR's: absolute places, negation, "is it …?", "this or that?".
#pragma once

#include "world/phrase_writer.hpp"

namespace beholder::world {

/// "Is the small cube red?", also of what is leftmost, and "not red".
Maybe ask_whether(Writer& w);
/// Existence, number and attributes of what is "on the left", "at the top", "in the middle".
Maybe ask_place(Writer& w);
/// "Where is the red cube?", "What is on the left?"
Maybe ask_where(Writer& w);
/// "Is there no cube?", "How many things are not red?", "Is the picture without spheres?". A
/// question that begins with "isn't" expects "yes", as people ask it, and is the plain one.
Maybe ask_denied(Writer& w);
/// "Is the cube red or blue?", of which one is true.
Maybe ask_alternative(Writer& w);

}  // namespace beholder::world
