#include "text/value_words.hpp"

#include <algorithm>
#include <set>

#include "text/caption_lexicon.hpp"

namespace beholder::text {

const std::vector<ValueWords>& value_words() {
  static const std::vector<ValueWords> table = {
      {"shape", {"cube", "block", "box"}, 2, 3, {"square", "dice"}},
      {"shape", {"sphere", "ball"}, 2, 2, {"globe", "circle"}},
      {"shape", {"cylinder"}, 1, 1, {"tube", "can"}},
      {"shape", {"cone"}, 0, 1, {}},
      {"shape", {"circle", "disc", "disk"}, 0, 2, {"dot", "ball", "round"}},
      {"shape", {"square", "block"}, 0, 1, {"box", "cube"}},
      {"shape", {"triangle"}, 0, 1, {"triangular"}},
      {"size", {"small", "tiny", "little"}, 2, 3, {}},
      {"size", {"medium", "middle-sized", "middle", "mid"}, 0, 2, {}},
      {"size", {"large", "big", "huge"}, 2, 2, {}},
      {"color", {"gray", "grey"}, 2, 2, {}},
      {"color", {"red"}, 1, 1, {}},
      {"color", {"blue"}, 1, 1, {}},
      {"color", {"green"}, 1, 1, {}},
      {"color", {"brown"}, 1, 1, {}},
      {"color", {"purple"}, 1, 1, {}},
      {"color", {"cyan"}, 1, 1, {}},
      {"color", {"yellow"}, 1, 1, {}},
      {"color", {"orange"}, 0, 1, {}},
      {"color", {"pink"}, 0, 1, {}},
      {"color", {"white"}, 0, 1, {}},
      {"color", {"black"}, 0, 1, {}},
      {"material", {"rubber", "matte", "dull"}, 2, 3, {}},
      {"material", {"metal", "metallic", "shiny"}, 3, 3, {}},
  };
  return table;
}

const ValueWords* words_for(std::string_view value) {
  const auto& table = value_words();
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const ValueWords& one) { return one.value() == value; });
  return found == table.end() ? nullptr : &*found;
}

bool same_value(std::string_view word, std::string_view other) {
  return word == other ||
         std::any_of(value_words().begin(), value_words().end(), [&](const ValueWords& one) {
           const auto names = [&](std::string_view said) {
             return std::find(one.names.begin(), one.names.end(), said) != one.names.end();
           };
           return names(word) && names(other);
         });
}

bool is_color_word(std::string_view word) {
  // Beyond the colours of captions: shades, and words that answer "what colour …?".
  static const std::set<std::string_view> kMore = {
      "cyan",     "violet",   "teal",     "cream",       "navy",         "clear",     "magenta",
      "lavender", "bronze",   "burgundy", "peach",       "khaki",        "brunette",  "indigo",
      "rainbow",  "charcoal", "colorful", "transparent", "multicolored", "multicolor"};
  return kMore.count(word) > 0 || !CaptionLexicon::instance().color(std::string(word)).empty();
}

}  // namespace beholder::text
