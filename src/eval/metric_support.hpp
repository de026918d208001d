// Which words of a description people's captions bear out.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "text/wordnet.hpp"

namespace beholder::eval {

/// Support of single words by WordNet 3.0. Keeps what it has looked up; not for several threads at
/// once.
class WordSupport {
 public:
  /// @throws Error kFileNotFound where WordNet is not installed; of damaged files as `WordNet`,
  /// later
  WordSupport() = default;

  /// A word is supported when a word of one of the captions has the same lemma in some part of
  /// speech ("dogs", "dog"; "runs", "running"), or when its most frequent sense as a noun, a verb
  /// or an adjective is that of such a word ("couch", "sofa") or, of nouns, lies above it ("person"
  /// where somebody says "man"; not "man" where they say "person").
  /// @param words in lower case, as `text::content_words` gives them
  /// @return one truth a word; all false without captions
  std::vector<bool> supported(const std::vector<std::string>& words,
                              const std::vector<std::string>& captions);

 private:
  /// What a word may be.
  struct Forms {
    std::vector<std::string> lemmas;
    std::vector<text::Synset> senses;  ///< the first of each part of speech
    std::vector<text::Synset> above;   ///< all hypernyms of the noun's
  };
  const Forms& forms(const std::string& word);

  text::WordNet wordnet_;
  std::unordered_map<std::string, Forms> known_;
};

}  // namespace beholder::eval
