#include "text/lemmatizer.hpp"

#include <optional>
#include <unordered_set>

#include "text/words.hpp"

namespace beholder::text {

namespace {

/// What stands before the last of several words, the blank or underscore too.
std::string_view before_last_word(std::string_view words) {
  const std::size_t gap = words.find_last_of(" _");
  return words.substr(0, gap == std::string_view::npos ? 0 : gap + 1);
}

std::string singular_of_one(const std::string& word) {
  // plural:singular
  constexpr std::string_view irregular =
      " men:man women:woman children:child feet:foot teeth:tooth geese:goose mice:mouse "
      "oxen:ox knives:knife wives:wife lives:life leaves:leaf loaves:loaf shelves:shelf "
      "halves:half calves:calf wolves:wolf scarves:scarf hooves:hoof thieves:thief "
      "elves:elf bookshelves:bookshelf policemen:policeman firemen:fireman shoes:shoe "
      "toes:toe canoes:canoe hoes:hoe horseshoes:horseshoe axes:axe cookies:cookie "
      "movies:movie caches:cache headaches:headache ";
  // Singular though they end in -s, or never used in the singular.
  static const std::unordered_set<std::string_view> unchanged = {
      "lens",   "gas",  "christmas", "canvas", "always", "yes",      "news",
      "series", "this", "scissors",  "jeans",  "pants",  "trousers", "shorts"};
  if (const std::size_t at = irregular.find(" " + word + ":"); at != std::string_view::npos) {
    const std::size_t begin = at + word.size() + 2;
    return std::string(irregular.substr(begin, irregular.find(' ', begin) - begin));
  }
  if (word.size() < 3 || unchanged.count(word) > 0 || !ends_with(word, "s")) return word;
  for (const std::string_view ending : {"ss", "us", "is"})
    if (ends_with(word, ending)) return word;
  const std::string_view stem = word;
  const auto cut = [&](std::size_t count) {
    return std::string(stem.substr(0, stem.size() - count));
  };
  if (ends_with(word, "ies") && word.size() > 4) return cut(3) + "y";  // but ties, pies
  for (const std::string_view ending : {"sses", "xes", "ches", "shes", "oes", "zzes"})
    if (ends_with(word, ending) && word.size() > 4) return cut(2);
  // buses, cactuses; but houses, causes, uses
  if (ends_with(word, "uses") && word.size() > 4 && !ends_with(word, "ouses") &&
      !ends_with(word, "auses"))
    return cut(2);
  return cut(1);
}

std::optional<std::string> known_base(const WordNet& wordnet, const std::string& word,
                                      PartOfSpeech pos) {
  for (const std::string& base : wordnet.exceptions(word, pos))
    if (wordnet.contains(base, pos)) return base;
  return wordnet.morphy(word, pos);
}

}  // namespace

std::string singular(std::string_view noun) {
  const std::string before(before_last_word(noun));
  return before + singular_of_one(std::string(noun.substr(before.size())));
}

std::string lemma(const WordNet& wordnet, std::string_view word, PartOfSpeech pos) {
  const std::string form = lower_case(word);
  const std::string before(before_last_word(form));
  if (!before.empty() && wordnet.contains(form, pos)) return form;
  const std::string last = form.substr(before.size());
  return before + known_base(wordnet, last, pos).value_or(last);
}

}  // namespace beholder::text
