#include "text/reading_question.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "text/question_kind.hpp"
#include "text/words.hpp"

namespace beholder::text {
namespace {

using Words = std::vector<std::string>;
using Set = std::initializer_list<std::string_view>;
using Wanted = ReadingQuestion::Wanted;

const Set kWhat = {"what", "what's", "whats", "which"};
const Set kSay = {"say", "says", "saying", "spell", "spells"};
const Set kWritten = {"written", "printed", "spelled", "spelt", "engraved", "inscribed"};
const Set kShow = {"show", "shows", "shown", "read", "reads", "have", "display", "displayed"};
const Set kWriting = {"text",    "writing", "caption",  "inscription", "lettering",
                      "message", "title",   "headline", "slogan",      "words"};
const Set kDigits = {"number", "numbers", "digit", "digits"};
/// What has its name written on it.
const Set kNamed = {"store",   "shop",     "street",    "road",     "avenue",      "restaurant",
                    "company", "hotel",    "bank",      "ship",     "boat",        "station",
                    "airline", "business", "building",  "team",     "book",        "product",
                    "cafe",    "bar",      "city",      "magazine", "movie",       "brand",
                    "sign",    "town",     "newspaper", "airport",  "supermarket", "pub",
                    "cinema",  "theater",  "theatre",   "school",   "bus"};
/// What a question about writing may be about besides what it says.
const Set kAboutIt = {"color", "colour", "colors",   "colours", "shape",    "kind",
                      "type",  "size",   "language", "font",    "material", "many"};

bool has(const Words& words, Set set) {
  return std::any_of(words.begin(), words.end(),
                     [&](const std::string& word) { return one_of(word, set); });
}

/// The place of the first of `set` from `from` on; words.size() without one.
std::size_t place_of(const Words& words, Set set, std::size_t from = 0) {
  for (std::size_t i = from; i < words.size(); ++i)
    if (one_of(words[i], set)) return i;
  return words.size();
}

bool follows(const Words& words, std::size_t at, Set next) {
  return at + 1 < words.size() && one_of(words[at + 1], next);
}

std::optional<ReadingQuestion> about_amounts(const Words& words) {
  const std::size_t total = place_of(words, {"total", "subtotal"});
  if (total < words.size() && words[total] == "total" && !follows(words, total, {"number"}) &&
      !has(words, {"people", "many"}))
    return ReadingQuestion{Wanted::kTotal, true};
  if (has(words, {"price", "prices", "cost", "costs"}) && !has(words, {"why", "high", "low"}))
    return ReadingQuestion{Wanted::kPrice, false};
  return std::nullopt;
}

std::optional<ReadingQuestion> about_times(const Words& words) {
  const bool said = has(words, kSay) || has(words, kShow) || has(words, kWritten);
  const bool placed = has(words, {"clock", "watch", "sign", "receipt", "screen", "display", "phone",
                                  "ticket", "invoice", "bill", "timer"});
  const std::size_t time = place_of(words, {"time"});
  if (time < words.size() && !follows(words, time, {"of", "limit"}) && (said || placed))
    return ReadingQuestion{Wanted::kTime, false};
  if (has(words, {"date"}) && !has(words, {"date's"})) return ReadingQuestion{Wanted::kDate, false};
  return std::nullopt;
}

std::optional<ReadingQuestion> about_numbers(const Words& words) {
  const std::size_t number = place_of(words, kDigits);
  if (number == words.size()) return std::nullopt;
  // "the number of people" is a count; "the number of the bus" is not.
  if (follows(words, number, {"of"}) && !follows(words, number + 1, {"the", "this", "that"}))
    return std::nullopt;
  if (has(words, {"total", "hand", "last", "first", "second"})) return std::nullopt;
  return ReadingQuestion{Wanted::kNumber, false};
}

std::optional<ReadingQuestion> about_words(const Words& words) {
  if (has(words, kSay) || has(words, kWritten)) return ReadingQuestion{Wanted::kText, true};
  // Farther on they are about something else: "what does the man think of the word?"
  constexpr std::size_t kFarthest = 3;
  const auto early = [&](Set set) {
    return place_of(words, set) < std::min(words.size(), kFarthest + 1);
  };
  if (early({"word", "words"}) || has(words, kWriting)) return ReadingQuestion{Wanted::kText, true};
  if (early({"letter", "letters"})) return ReadingQuestion{Wanted::kLetters, true};
  // "what does the sign read?", but not "what does the man read?" of a man with a book
  if (has(words, {"does", "do"}) && one_of(words.back(), {"read", "reads"}) &&
      !has(words, {"man", "woman", "person", "boy", "girl", "he", "she", "people", "they"}))
    return ReadingQuestion{Wanted::kText, true};
  if (has(words, {"name"}) && (has(words, kNamed) || place_of(words, {"on"}) < words.size()))
    return ReadingQuestion{Wanted::kText, false};
  if (has(words, {"plate"}) && has(words, {"license", "licence", "registration"}))
    return ReadingQuestion{Wanted::kNumber, false};
  if (place_of(words, {"brand", "street"}) == 1 ||
      (has(words, {"brand"}) && words[0] != "which" && place_of(words, {"brand"}) <= 3))
    return ReadingQuestion{Wanted::kText, false};
  return std::nullopt;
}

/// "read the sign", "can you read the text?"
bool is_order(const Words& words) {
  std::size_t at = 0;
  if (one_of(words[0], {"can", "could", "please"})) at = one_of(words[0], {"please"}) ? 1 : 2;
  return at < words.size() && one_of(words[at], {"read", "transcribe", "spell"}) &&
         at + 1 < words.size();
}

}  // namespace

std::optional<ReadingQuestion> reading_question(std::string_view question) {
  const Words words = question_words(question);
  if (words.size() < 2) return std::nullopt;
  if (is_order(words)) return ReadingQuestion{Wanted::kText, true};
  const bool how_much = words[0] == "how" && words[1] == "much";
  const std::size_t what = place_of(words, kWhat);
  // "on the sign, what is written?", "the sign says what?"
  if (!how_much && what == words.size()) return std::nullopt;
  if (has(words, kAboutIt) && !how_much) return std::nullopt;
  if (!how_much &&
      one_of(words[0], {"is", "are", "does", "do", "was", "why", "where", "who", "how"}))
    return std::nullopt;
  if (const auto found = about_amounts(words)) return found;
  if (how_much) return std::nullopt;
  if (const auto found = about_times(words)) return found;
  if (const auto found = about_numbers(words)) return found;
  return about_words(words);
}

}  // namespace beholder::text
