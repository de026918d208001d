#include "text/asked_noun.hpp"

#include <algorithm>

#include "text/question_kind.hpp"
#include "text/words.hpp"

namespace beholder::text {
namespace {

bool is_verb(const std::string& word) {
  return one_of(word, {"is", "are", "was", "were", "do", "does", "did", "can", "could", "has",
                       "have", "had", "will", "would", "should", "appear", "appears"});
}

bool is_determiner(const std::string& word) {
  return one_of(word, {"the", "a", "an", "this", "that", "these", "those", "his", "her", "its",
                       "their", "my", "your", "of", "all", "different", "total"});
}

bool ends_phrase(const std::string& word) {
  return is_verb(word) ||
         one_of(word, {"in",   "on",      "at",    "with",    "to",   "for",   "by",
                       "near", "behind",  "under", "next",    "who",  "which", "and",
                       "or",   "wearing", "being", "holding", "from", "there", ",",
                       "you",  "if",      "he",    "she",     "they", "it",    "visible"});
}

}  // namespace

std::vector<std::string> asked_noun(std::string_view question) {
  const std::vector<std::string> words = question_words(question);
  std::size_t at = words.size();
  for (std::size_t i = 0; i + 1 < words.size() && at == words.size(); ++i) {
    if (words[i] == "how" && words[i + 1] == "many") at = i + 2;
    if (!one_of(words[i], {"color", "colour", "colors", "colours"})) continue;
    if (words[i + 1] == "of" || is_verb(words[i + 1])) at = i + 2;
  }
  std::vector<std::string> out;
  for (; at < words.size(); ++at) {
    std::string word = words[at];
    if (is_determiner(word)) continue;
    if (ends_phrase(word)) break;
    if (ends_with(word, "'s")) word.resize(word.size() - 2);
    out.push_back(std::move(word));
  }
  std::reverse(out.begin(), out.end());
  return out;
}

}  // namespace beholder::text
