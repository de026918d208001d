// A description of no fewer and no more words than asked for, held to it while it is searched for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace beholder::generation {

/// The tokens of a model as texts, and how long a text of them may be.
struct WordLimitsOptions {
  int min_words = 0, max_words = 0;  ///< 0: no limit
  std::vector<std::string> pieces;   ///< by id; "" for what is not written, such as [PAD]
  std::vector<std::string> begun;    ///< pieces that the text begins with, such as a prompt's
  std::int64_t end_token = 0;
  std::int64_t max_new_tokens = 0;  ///< the end included
};

/// Says which tokens may follow so that the text that `text::join_pieces` makes of all pieces has
/// between `min_words` and `max_words` words: no end comes before the least number (lone marks not
/// counted), no word beyond the greatest is begun (lone marks counted), and the last word is whole
/// and none that asks for another ("a", "with") where anything else is possible.
class WordLimits {
 public:
  /// @throws Error kUsage when `begun` has more words than allowed, or `max_new_tokens` leaves room
  ///   for fewer than asked for
  explicit WordLimits(WordLimitsOptions options);

  /// For `GenerationOptions::restrict`. @param row (vocabulary) scores; changed
  void operator()(const std::vector<std::int64_t>& written, float* row,
                  std::size_t vocabulary) const;

 private:
  enum Kind : std::uint8_t {
    kSilent,      ///< nothing is written
    kWord,        ///< and numbers
    kAsking,      ///< a word that asks for another, as "the"
    kPossessive,  ///< what an apostrophe may be followed by: "s", "t", "re"
    kPart,        ///< of a word that is begun, as "##ing"
    kStop,        ///< closes up to the word before it and may be the last
    kPause,       ///< the same, and may not: , ; :
    kJoin,        ///< - and /
    kApostrophe,
    kQuote,
    kOpening,  ///< ( [ { $
    kSign,     ///< any other mark
    kKinds
  };
  static Kind kind_of(const std::string& piece);
  static const char* example(Kind kind);

  WordLimitsOptions options_;
  std::vector<Kind> kinds_;  ///< by id
};

/// The rule as a search takes it; copies share it.
std::function<void(const std::vector<std::int64_t>&, float*, std::size_t)> word_limits(
    WordLimitsOptions options);

/// Whether a text has as many words as asked for. @param min_words, max_words 0: no limit
bool within_words(const std::string& text, int min_words, int max_words);

}  // namespace beholder::generation
