// The words for colours, sizes, materials and shapes: one table for all that speak of things.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// A value of an attribute and what people call it.
struct ValueWords {
  std::string attribute;           ///< "shape", "size", "color", "material"
  std::vector<std::string> names;  ///< the value's own name ("gray") first, then its synonyms
  std::size_t in_clevr;  ///< how many of the names CLEVR's questions use; 0: not its value
  std::size_t in_world;  ///< how many of them generated questions use
  /// What some people say for it though it means other things too: "box" for a square.
  std::vector<std::string> loose;

  const std::string& value() const { return names.front(); }
};

/// All values, those of an attribute together. Models number shapes, sizes, colours and materials
/// in this order: new ones go to the end of their attribute.
const std::vector<ValueWords>& value_words();

/// The words for a value; null for what is no value.
const ValueWords* words_for(std::string_view value);

/// Whether both words name the same value: "big" and "large", "shiny" and "metal".
bool same_value(std::string_view word, std::string_view other);

/// Whether a word names a colour, a shade of one, or the lack of one: "red", "teal", "transparent".
bool is_color_word(std::string_view word);

}  // namespace beholder::text
