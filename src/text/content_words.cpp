#include "text/content_words.hpp"

#include <unordered_set>

#include "text/caption_lexicon.hpp"
#include "text/stop_words.hpp"
#include "text/words.hpp"

namespace beholder::text {

bool is_content_word(const std::string& word) {
  static const std::unordered_set<std::string_view> compound = {"front", "next", "top"};
  const CaptionLexicon& lexicon = CaptionLexicon::instance();
  return lower_case_words(word) == std::vector{word} && word.size() >= 2 && !is_stop_word(word) &&
         !lexicon.is_stop(word) && !lexicon.is_determiner(word) && compound.count(word) == 0;
}

std::vector<std::string> content_words(std::string_view text) {
  std::vector<std::string> out;
  for (std::string& word : lower_case_words(text))
    if (is_content_word(word)) out.push_back(std::move(word));
  return out;
}

std::string concept_of(const std::string& word) {
  const CaptionLexicon& lexicon = CaptionLexicon::instance();
  if (const NounForm* noun = lexicon.noun(word)) return noun->concept_name;
  if (const VerbForm* verb = lexicon.verb(word)) return verb->ing;
  if (const std::string_view color = lexicon.color(word); !color.empty()) return std::string(color);
  return word;
}

}  // namespace beholder::text
