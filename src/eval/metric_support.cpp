#include "eval/metric_support.hpp"

#include <algorithm>
#include <set>

#include "text/content_words.hpp"
#include "text/lemmatizer.hpp"

namespace beholder::eval {
namespace {

using text::PartOfSpeech;

template <typename Values>
bool meet(const Values& a, const Values& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& one) {
    return std::find(b.begin(), b.end(), one) != b.end();
  });
}

}  // namespace

const WordSupport::Forms& WordSupport::forms(const std::string& word) {
  if (const auto found = known_.find(word); found != known_.end()) return found->second;
  Forms out;
  out.lemmas.push_back(word);
  for (const PartOfSpeech pos :
       {PartOfSpeech::kNoun, PartOfSpeech::kVerb, PartOfSpeech::kAdjective}) {
    out.lemmas.push_back(text::lemma(wordnet_, word, pos));
    const std::vector<text::Synset> senses = wordnet_.synsets(word, pos);
    if (senses.empty()) continue;
    out.senses.push_back(senses.front());
    if (pos == PartOfSpeech::kNoun) out.above = wordnet_.ancestors(senses.front());
  }
  return known_.emplace(word, std::move(out)).first->second;
}

std::vector<bool> WordSupport::supported(const std::vector<std::string>& words,
                                         const std::vector<std::string>& captions) {
  std::set<std::string> said;
  for (const std::string& caption : captions)
    for (std::string& word : text::content_words(caption)) said.insert(std::move(word));
  std::vector<bool> out;
  for (const std::string& word : words) {
    const Forms own = forms(word);
    out.push_back(std::any_of(said.begin(), said.end(), [&](const std::string& other) {
      const Forms& theirs = forms(other);
      return meet(own.lemmas, theirs.lemmas) || meet(own.senses, theirs.senses) ||
             meet(own.senses, theirs.above);
    }));
  }
  return out;
}

}  // namespace beholder::eval
