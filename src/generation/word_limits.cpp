#include "generation/word_limits.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>
#include <utility>

#include "core/check.hpp"
#include "generation/token_rules.hpp"
#include "text/word_joiner.hpp"
#include "text/words.hpp"

namespace beholder::generation {
namespace {

/// Articles, prepositions, conjunctions, auxiliaries: a description that ends on one was cut off.
constexpr std::array<std::string_view, 51> kAskingWords = {
    "a",     "an",   "the",   "this",   "these",   "those",   "its",   "his",  "her",
    "their", "my",   "your",  "our",    "some",    "each",    "every", "with", "without",
    "of",    "in",   "on",    "at",     "by",      "to",      "from",  "for",  "into",
    "onto",  "over", "under", "near",   "between", "through", "among", "as",   "while",
    "and",   "or",   "but",   "that",   "which",   "who",     "is",    "are",  "was",
    "were",  "has",  "have",  "beside", "behind",  "against"};

bool one_of(std::string_view piece, std::string_view marks) {
  return piece.size() == 1 && marks.find(piece[0]) != std::string_view::npos;
}

/// What a further piece of some kind would make of a text.
struct Effect {
  bool begins = false;  ///< another part between blanks
  bool says = false;    ///< another word
};

}  // namespace

WordLimits::Kind WordLimits::kind_of(const std::string& piece) {
  if (piece.empty()) return kSilent;
  if (piece.size() > 2 && piece.compare(0, 2, "##") == 0) return kPart;
  if (one_of(piece, ".!?)]}%")) return kStop;
  if (one_of(piece, ",;:")) return kPause;
  if (one_of(piece, "-/")) return kJoin;
  if (piece == "'") return kApostrophe;
  if (piece == "\"") return kQuote;
  if (one_of(piece, "([{$")) return kOpening;
  if (text::count_words(piece).words == 0) return kSign;
  static constexpr std::array<std::string_view, 7> kAfterApostrophe = {"s", "t",  "re", "ll",
                                                                       "d", "ve", "m"};
  if (std::find(kAfterApostrophe.begin(), kAfterApostrophe.end(), piece) != kAfterApostrophe.end())
    return kPossessive;
  const bool asks =
      std::find(kAskingWords.begin(), kAskingWords.end(), piece) != kAskingWords.end();
  return asks ? kAsking : kWord;
}

const char* WordLimits::example(Kind kind) {
  constexpr std::array<const char*, kKinds> kExamples = {"",  "x", "the", "s",  "##x", ".",
                                                         ",", "-", "'",   "\"", "(",   "&"};
  return kExamples[kind];
}

WordLimits::WordLimits(WordLimitsOptions options) : options_(std::move(options)) {
  for (const std::string& piece : options_.pieces) kinds_.push_back(kind_of(piece));
  const text::WordCount begun = text::count_words(text::join_pieces(options_.begun));
  check(options_.max_words == 0 || begun.parts <= static_cast<std::size_t>(options_.max_words),
        ErrorCode::kUsage, "the prompt has ", begun.parts, " words and max_words is ",
        options_.max_words, "; give a shorter prompt or allow more words");
  const std::int64_t room = options_.max_new_tokens - 1 + static_cast<std::int64_t>(begun.words);
  check(options_.min_words <= room, ErrorCode::kUsage, "min_words is ", options_.min_words,
        ", and max_new_tokens leaves room for at most ", room,
        " words; raise max_new_tokens as far as the model allows, or ask for fewer words");
}

void WordLimits::operator()(const std::vector<std::int64_t>& written, float* row,
                            std::size_t vocabulary) const {
  std::vector<std::string> pieces = options_.begun;
  for (const std::int64_t id : written)
    if (const std::string& piece = options_.pieces.at(static_cast<std::size_t>(id)); !piece.empty())
      pieces.push_back(piece);
  const text::WordCount now = text::count_words(text::join_pieces(pieces));
  const auto least = static_cast<std::size_t>(options_.min_words),
             most = static_cast<std::size_t>(options_.max_words);
  // Tokens behind the next one, the end not counted.
  const std::int64_t left = options_.max_new_tokens - 2 - static_cast<std::int64_t>(written.size());
  std::array<bool, kKinds> banned{};
  for (int i = 0; i < kKinds; ++i) {
    const auto kind = static_cast<Kind>(i);
    Effect effect;
    if (kind != kSilent) {
      std::vector<std::string> grown = pieces;
      grown.emplace_back(example(kind));
      const text::WordCount then = text::count_words(text::join_pieces(grown));
      effect = {then.parts > now.parts, then.words > now.words};
    }
    const std::size_t parts = now.parts + (effect.begins ? 1 : 0);
    const std::size_t words = now.words + (effect.says ? 1 : 0);
    // Lone marks take the place of words.
    const bool no_room = most > 0 && effect.begins && !effect.says && least + parts - words > most;
    const bool last_part = most > 0 && parts == most, last_token = left <= 0;
    banned[i] = left < 0 || no_room || (most > 0 && parts > most) ||
                static_cast<std::int64_t>(words) + left < static_cast<std::int64_t>(least) ||
                ((last_part || last_token) &&
                 ((kind == kAsking && effect.begins) || kind == kOpening || kind == kPause ||
                  (effect.begins && (kind == kQuote || kind == kSign)))) ||
                (last_token && (kind == kJoin || kind == kApostrophe));
  }
  const Kind last = pieces.empty() ? kSilent : kind_of(pieces.back());
  const bool asks =
      last == kAsking || last == kJoin || last == kPause || last == kOpening || last == kApostrophe;
  const auto end = static_cast<std::size_t>(options_.end_token);
  bool others = false;
  for (std::size_t token = 0; token < std::min(vocabulary, kinds_.size()); ++token) {
    if (token == end) continue;
    if (banned[kinds_[token]]) row[token] = generation::kImpossible;
    others = others || row[token] != generation::kImpossible;
  }
  if (now.words < least || (asks && others)) row[end] = generation::kImpossible;
}

std::function<void(const std::vector<std::int64_t>&, float*, std::size_t)> word_limits(
    WordLimitsOptions options) {
  return [rule = std::make_shared<const WordLimits>(std::move(options))](
             const std::vector<std::int64_t>& written, float* row, std::size_t vocabulary) {
    (*rule)(written, row, vocabulary);
  };
}

bool within_words(const std::string& text, int min_words, int max_words) {
  const text::WordCount count = text::count_words(text);
  return static_cast<std::int64_t>(count.words) >= min_words &&
         (max_words == 0 || static_cast<std::int64_t>(count.parts) <= max_words);
}

}  // namespace beholder::generation
