#include "text/lemmatizer.hpp"

#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace beholder::text {

namespace {

std::string lower(std::string_view word) {
  std::string result(word);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool ends_with(std::string_view word, std::string_view ending) {
  return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

/// The singular of a plural, by rule; `word` if it does not look like a plural.
std::string singular(const std::string& word) {
  static const std::unordered_map<std::string_view, std::string_view> irregular = {
      {"men", "man"},
      {"women", "woman"},
      {"children", "child"},
      {"feet", "foot"},
      {"teeth", "tooth"},
      {"geese", "goose"},
      {"mice", "mouse"},
      {"oxen", "ox"},
      {"knives", "knife"},
      {"wives", "wife"},
      {"lives", "life"},
      {"leaves", "leaf"},
      {"loaves", "loaf"},
      {"shelves", "shelf"},
      {"halves", "half"},
      {"calves", "calf"},
      {"wolves", "wolf"},
      {"scarves", "scarf"},
      {"hooves", "hoof"},
      {"thieves", "thief"},
      {"elves", "elf"},
      {"bookshelves", "bookshelf"},
      {"policemen", "policeman"},
      {"firemen", "fireman"},
      {"shoes", "shoe"},
      {"toes", "toe"},
      {"canoes", "canoe"},
      {"hoes", "hoe"},
      {"horseshoes", "horseshoe"},
      {"axes", "axe"},
      {"cookies", "cookie"},
      {"movies", "movie"},
      {"caches", "cache"},
      {"headaches", "headache"}};
  // Singular though they end in -s, or never used in the singular.
  static const std::unordered_set<std::string_view> unchanged = {
      "lens",   "gas",  "christmas", "canvas", "always", "yes",      "news",
      "series", "this", "scissors",  "jeans",  "pants",  "trousers", "shorts"};
  if (const auto found = irregular.find(word); found != irregular.end())
    return std::string(found->second);
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

Lemmatizer::Lemmatizer(const std::filesystem::path& directory) {
  if (WordNet::installed(directory)) wordnet_ = std::make_unique<WordNet>(directory);
}

std::string Lemmatizer::lemma(std::string_view word, PartOfSpeech pos) const {
  const std::string form = lower(word);
  const std::size_t gap = form.find_last_of(" _");
  const std::string head = gap == std::string::npos ? "" : form.substr(0, gap + 1);
  const std::string last = form.substr(head.size());
  if (!wordnet_) return pos == PartOfSpeech::kNoun ? head + singular(last) : form;
  if (!head.empty() && wordnet_->contains(form, pos)) return form;
  return head + known_base(*wordnet_, last, pos).value_or(last);
}

}  // namespace beholder::text
