// The base form of an English word.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "text/wordnet.hpp"

namespace beholder::text {

/// Base forms over WordNet's `morphy`, or over rules for regular noun plurals where WordNet is not
/// installed. Safe to use from several threads.
class Lemmatizer {
 public:
  /// Uses the WordNet in `directory` if there is one and the rules if there is not; never throws
  /// for its absence. See `uses_wordnet`.
  explicit Lemmatizer(const std::filesystem::path& directory = WordNet::default_directory());

  bool uses_wordnet() const { return wordnet_ != nullptr; }

  /// The base form of `word`, lower-cased (ASCII); an unknown word comes back unchanged but for
  /// that, and an empty one empty.
  ///
  /// With WordNet: an irregular form's base ("men" → "man", "better" → "good"), else the word
  /// itself if it is an entry ("glasses" stays: spectacles), else the first base that morphy's
  /// endings give ("dogs" → "dog"). Of several words only the last is changed, unless the whole is
  /// an entry: "garbage bins" → "garbage bin"; spaces or underscores stay as they were.
  ///
  /// Without WordNet: nouns lose a regular plural ending (-s, -es, -ies → -y) and a few irregular
  /// plurals of everyday things are known (men, children, knives …); there is no dictionary, so
  /// "glasses" becomes "glass". Other parts of speech come back lower-cased only.
  std::string lemma(std::string_view word, PartOfSpeech pos = PartOfSpeech::kNoun) const;

 private:
  std::unique_ptr<WordNet> wordnet_;
};

}  // namespace beholder::text
