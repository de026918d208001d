// Kinds of questions as CLEVR has them (Johnson et al. 2017), and superlatives, quantifiers and
// statements beyond them.
#pragma once

#include "world/phrase_writer.hpp"

namespace beholder::world {

/// "How many small cubes are left of the ball?"
Maybe ask_count(Writer& w);
/// "Is there a red ball behind the cube?"
Maybe ask_exist(Writer& w);
/// "What colour is the cube?"
Maybe ask_query(Writer& w);
/// "How many other things have the same size as the ball?"
Maybe ask_same(Writer& w);
/// "How many things are red cubes or small balls?"
Maybe ask_or(Writer& w);
/// "How many cubes are both left of the ball and behind the cone?"
Maybe ask_and(Writer& w);
/// "Are there more cubes than balls?"
Maybe ask_compared_counts(Writer& w);
/// "Do the cube and the ball have the same colour?"
Maybe ask_compared_things(Writer& w);
/// "Are most of the cubes red?", "Are there at least two …?"
Maybe ask_quantified(Writer& w);
/// "What colour is the leftmost cube?", "What shape is the thing closest to the ball?"
Maybe ask_superlative(Writer& w);
/// "There is no red cube.", "All balls are blue.", "The cube is left of the ball.", true or not
Maybe ask_statement(Writer& w);

}  // namespace beholder::world
