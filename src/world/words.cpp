#include "world/words.hpp"

#include "text/value_words.hpp"

namespace beholder::world {
namespace {

/// One of the names by which questions call a value, or "thing".
std::string drawn_name(const std::string& value, Random& random) {
  static const std::vector<std::string> kThing = {"thing", "object", "item"};
  if (value == "thing") return random.among(kThing);
  const text::ValueWords* words = text::words_for(value);
  const std::size_t place = random.below(words == nullptr ? 1 : words->in_world);
  return words == nullptr ? value : words->names[place];
}

std::string plural_of(const std::string& noun) { return noun == "box" ? "boxes" : noun + "s"; }

}  // namespace

std::string noun_phrase(const std::map<std::string, std::string>& filters, bool plural,
                        Random& random) {
  std::string out;
  for (const char* attribute : {"size", "color", "material"})
    if (const auto found = filters.find(attribute); found != filters.end())
      out += drawn_name(found->second, random) + " ";
  const auto shape = filters.find("shape");
  const std::string noun = drawn_name(shape == filters.end() ? "thing" : shape->second, random);
  return out + (plural ? plural_of(noun) : noun);
}

std::string direction_phrase(const std::string& direction, Random& random) {
  static const std::map<std::string, std::vector<std::string>> table = {
      {"left", {"left of", "to the left of", "on the left side of"}},
      {"right", {"right of", "to the right of", "on the right side of"}},
      {"front", {"in front of", "before"}},
      {"behind", {"behind", "in back of"}},
      {"above", {"above", "higher than"}},
      {"below", {"below", "beneath", "lower than"}},
  };
  return random.among(table.at(direction));
}

std::string superlative_noun(const std::string& superlative, const std::string& noun,
                             Random& random) {
  static const std::map<std::string, std::vector<std::string>> table = {
      {"leftmost", {"leftmost", "farthest to the left"}},
      {"rightmost", {"rightmost", "farthest to the right"}},
      {"frontmost", {"frontmost", "closest to the camera"}},
      {"backmost", {"backmost", "farthest from the camera"}},
      {"highest", {"highest", "topmost", "closest to the top"}},
      {"lowest", {"lowest", "closest to the bottom"}},
  };
  const std::string& words = random.among(table.at(superlative));
  return words.find(' ') == std::string::npos ? words + " " + noun : noun + " " + words;
}

std::string attribute_word(const std::string& attribute, Random& random) {
  return attribute == "color" && random.chance(0.5) ? "colour" : attribute;
}

std::string query_text(const std::string& attribute, const std::string& noun, Random& random) {
  const std::string word = attribute_word(attribute, random);
  if (attribute == "material" && random.chance(0.5))
    return filled("What is the %s made of?", {noun});
  if (attribute == "size" && random.chance(0.4)) return filled("How big is the %s?", {noun});
  switch (random.below(3)) {
    case 0: return filled("What %s is the %s?", {word, noun});
    case 1: return filled("What is the %s of the %s?", {word, noun});
    default: return filled("The %s has what %s?", {noun, word});
  }
}

std::string predicate(const std::string& attribute, const std::string& value, Random& random) {
  if (attribute == "shape") return plural_of(drawn_name(value, random));
  if (attribute == "material" && random.chance(0.4)) return "made of " + value;
  return drawn_name(value, random);
}

std::string number_word(long number) {
  static const char* words[] = {"no",  "one",   "two",   "three", "four", "five",
                                "six", "seven", "eight", "nine",  "ten"};
  return number >= 0 && number <= 10 ? words[number] : std::to_string(number);
}

std::string filled(const std::string& form, const std::vector<std::string>& parts) {
  std::string out;
  std::size_t next = 0;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form.compare(i, 2, "%s") == 0 && next < parts.size()) {
      out += parts[next++];
      ++i;
    } else {
      out += form[i];
    }
  return out;
}

}  // namespace beholder::world
