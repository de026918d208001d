// WordNet 3.0 from its database files: base forms, noun senses, hypernyms, Wu-Palmer similarity.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

enum class PartOfSpeech { kNoun, kVerb, kAdjective, kAdverb };

/// One meaning: the byte offset of its line in `data.<pos>`.
struct Synset {
  PartOfSpeech pos = PartOfSpeech::kNoun;
  std::uint32_t offset = 0;

  friend bool operator==(const Synset& a, const Synset& b) {
    return a.pos == b.pos && a.offset == b.offset;
  }
  friend bool operator!=(const Synset& a, const Synset& b) { return !(a == b); }
};

/// The WordNet database (file formats: wndb(5WN), morphology: morphy(7WN)).
///
/// Files are memory-mapped at their first use and searched in place, so an instance holds little
/// more than the ancestors of the synsets that were compared. All methods may be called from
/// several threads. A word is looked up lower-cased (ASCII) with spaces as underscores:
/// "Garbage bin" finds "garbage_bin". Every method throws Error kFileNotFound (which package to
/// install) when a file is missing and kDataFormat (file and offset) when one is damaged.
class WordNet {
 public:
  /// Where Debian's and Ubuntu's package wordnet-base puts the files.
  static std::filesystem::path default_directory() { return "/usr/share/wordnet"; }

  /// Whether `directory` holds the noun files.
  static bool installed(const std::filesystem::path& directory = default_directory());

  /// @throws Error kFileNotFound unless `installed(directory)`.
  explicit WordNet(std::filesystem::path directory = default_directory());
  ~WordNet();
  WordNet(const WordNet&) = delete;
  WordNet& operator=(const WordNet&) = delete;

  /// Whether the word itself, with no change of its form, is an entry.
  bool contains(std::string_view word, PartOfSpeech pos) const;

  /// The bases that the list of exceptional forms gives for `word` ("mice" → "mouse"); of two lines
  /// for one form the last. Empty for a regular form.
  std::vector<std::string> exceptions(std::string_view word, PartOfSpeech pos) const;

  /// All base forms that are entries: the word itself, then its exceptional forms or, if it has
  /// none, the forms that morphy's endings give; each once. The same as nltk's `_morphy`.
  std::vector<std::string> base_forms(std::string_view word, PartOfSpeech pos) const;

  /// The first of `base_forms`; nothing for a word that is unknown. The same as nltk's `morphy`.
  std::optional<std::string> morphy(std::string_view word, PartOfSpeech pos) const;

  /// The senses of all base forms of `word`, the most frequent first within a form. The same as
  /// nltk's `synsets(word, pos)`.
  std::vector<Synset> synsets(std::string_view word, PartOfSpeech pos = PartOfSpeech::kNoun) const;

  /// "dog.n.01": the first lemma, the part of speech, and which sense of that lemma it is.
  std::string name(Synset synset) const;

  /// The lemmas of a synset as written ("domestic_dog", "Canis_familiaris").
  std::vector<std::string> lemmas(Synset synset) const;

  /// The synset itself and all hypernyms above it (pointers `@` and `@i`), nearest first.
  std::vector<Synset> ancestors(Synset synset) const;

  /// Wu and Palmer (1994) similarity, 0 to 1, exactly as nltk's `wup_similarity` has it with its
  /// default `simulate_root`: the lowest common subsumer is the shared hypernym with the greatest
  /// *minimum* depth (of equals `a` itself, else the first by name), its own depth is the
  /// *longest* way to the root, and all but noun pairs share a root above the real roots.
  /// Not always symmetric. Nothing if there is no common hypernym.
  std::optional<double> wup_similarity(Synset a, Synset b) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beholder::text
