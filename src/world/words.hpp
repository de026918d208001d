// The words for what is in a scene, with synonyms.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "world/geometry.hpp"

namespace beholder::world {

/// "small shiny cube", "big red things" for attribute values; "thing" without a shape.
std::string noun_phrase(const std::map<std::string, std::string>& filters, bool plural,
                        Random& random);

/// "left of", "to the left of", "in front of", … for left, right, front, behind, above, below.
std::string direction_phrase(const std::string& direction, Random& random);

/// "leftmost cube", "cube farthest to the left".
std::string superlative_noun(const std::string& superlative, const std::string& noun,
                             Random& random);

/// "color" or "colour", "material", "size", "shape".
std::string attribute_word(const std::string& attribute, Random& random);

/// "What colour is the …?" and its like.
std::string query_text(const std::string& attribute, const std::string& noun, Random& random);

/// What follows "are": "red", "made of metal", "cubes".
std::string predicate(const std::string& attribute, const std::string& value, Random& random);

/// "no", "one" … "ten", and digits beyond.
std::string number_word(long number);

/// A form with each "%s" replaced by the next of the parts.
std::string filled(const std::string& form, const std::vector<std::string>& parts);

}  // namespace beholder::world
