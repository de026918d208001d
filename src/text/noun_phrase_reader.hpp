// Noun phrases of picture captions: "two small brown dogs", "a group of people", "the man's face".
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "text/caption_grammar.hpp"

namespace beholder::text {

/// Reads the noun phrase that begins at the word `at`, moves `at` past it and adds it to `phrases`.
/// @param words of a caption, as `caption_words` gives them
/// @param after_someone whether a person or an animal stands right before: then "slides" is a verb
/// @return its place in `phrases`; -1, and nothing moved, when none begins there
int read_noun_phrase(const std::vector<std::string>& words, std::size_t& at, bool after_someone,
                     std::vector<NounPhrase>& phrases);

}  // namespace beholder::text
