#include "text/name_question.hpp"

#include <algorithm>
#include <set>

#include "text/question_kind.hpp"
#include "text/stop_words.hpp"

namespace beholder::text {
namespace {

using Words = std::vector<std::string>;
using WordSet = std::set<std::string_view>;
using Kind = NameQuestion::Kind;

bool in(const WordSet& set, std::string_view word) { return set.count(word) > 0; }

/// Words in order; each has one of the forms of its place.
using Pattern = std::vector<WordSet>;

const WordSet kBe = {"is", "are", "was", "were"};
const WordSet kPointed = {"this", "that", "it", "these", "those", "they"};
const WordSet kArticle = {"a", "an", "any", "some", "the"};
const WordSet kPicture = {"picture", "image", "photo", "photograph", "scene", "shot"};

/// How many words of `words` from `at` match; 0: they do not.
std::size_t matches(const Words& words, std::size_t at, const Pattern& pattern) {
  if (at + pattern.size() > words.size()) return 0;
  for (std::size_t i = 0; i < pattern.size(); ++i)
    if (!in(pattern[i], words[at + i])) return 0;
  return pattern.size();
}

std::size_t first_match(const Words& words, std::size_t at, const std::vector<Pattern>& patterns) {
  for (const Pattern& pattern : patterns)
    if (const std::size_t many = matches(words, at, pattern)) return many;
  return 0;
}

/// Takes "in the picture", "here", "please" and the like off the end.
void drop_tail(Words& words) {
  static const std::vector<Pattern> kTails = {
      {{"in", "on"}, {"the", "this", "that"}, kPicture},
      {{"visible", "shown", "seen", "pictured", "present", "depicted"}},
      {{"here", "please", "there", "anywhere"}}};
  for (bool again = true; again;) {
    again = false;
    for (const Pattern& tail : kTails) {
      if (words.size() <= tail.size() + 2) continue;
      if (matches(words, words.size() - tail.size(), tail) == 0) continue;
      words.resize(words.size() - tail.size());
      again = true;
    }
  }
}

/// The words from `at` to `end` as a noun, or nothing where they say more or less than one.
std::optional<std::string> noun_of(const Words& words, std::size_t at, std::size_t end) {
  constexpr std::size_t kMostWords = 3;
  if (at >= end || end - at > kMostWords) return std::nullopt;
  std::string out;
  for (std::size_t i = at; i < end; ++i) {
    if (is_stop_word(words[i]) || words[i] == ",") return std::nullopt;
    out += (out.empty() ? "" : " ") + words[i];
  }
  return out;
}

std::optional<NameQuestion> presence(const Words& words, std::size_t at) {
  static const std::vector<Pattern> kHeads = {
      {{"is", "are"}, {"there"}, kArticle},
      {{"are"}, {"there"}},
      {{"is"}, kPointed, {"a", "the"}, kPicture, {"of"}, {"a", "an", "some"}},
      {{"is", "are"}, kPointed, {"a", "an"}},
      {{"is", "are"}, kPointed, {"some"}},
      {{"are"}, {"these", "those", "they"}},
      {{"do", "can", "could"}, {"you", "we", "i"}, {"see", "find", "spot"}, kArticle},
      {{"do", "can", "could"}, {"you", "we", "i"}, {"see", "find", "spot"}},
      {{"does", "do"}, {"the", "this"}, kPicture, {"show", "contain", "have"}, kArticle},
      {{"does", "do"}, {"this", "it"}, {"show", "contain"}, kArticle},
      {{"is"}, {"the", "this"}, kPicture, {"of"}, {"a", "an", "some"}}};
  const std::size_t head = first_match(words, at, kHeads);
  if (head == 0) return std::nullopt;
  const auto noun = noun_of(words, at + head, words.size());
  if (!noun) return std::nullopt;
  return NameQuestion{Kind::kPresence, *noun};
}

std::optional<NameQuestion> which_kind(const Words& words, std::size_t at) {
  if (!in({"what", "which"}, words[at])) return std::nullopt;
  std::size_t from = at + 1;
  from += matches(
      words, from,
      {{"kind", "kinds", "type", "types", "sort", "sorts", "breed", "breeds", "species"}, {"of"}});
  static const std::vector<Pattern> kEnds = {
      {kBe, kPointed},
      {kBe, {"the", "this", "that"}, kPicture, {"of"}},
      {kBe, {"in"}, {"the", "this"}, kPicture},
      {kBe, {"shown", "seen", "pictured", "depicted", "visible", "here", "there"}},
      {{"do", "can"}, {"you", "we", "i"}, {"see"}},
      {{"does"}, {"the", "this"}, kPicture, {"show"}},
      {kBe}};
  for (std::size_t end = from + 1; end <= words.size(); ++end) {
    const bool done = end == words.size() && from > at + 1;  // "what kind of dog?"
    const std::size_t rest = end < words.size() ? first_match(words, end, kEnds) : 0;
    if (!done && (rest == 0 || end + rest != words.size())) continue;
    const auto noun = noun_of(words, from, end);
    if (!noun) return std::nullopt;
    return NameQuestion{Kind::kWhichKind, *noun};
  }
  return std::nullopt;
}

}  // namespace

std::optional<NameQuestion> name_question(std::string_view question) {
  Words words = question_words(question);
  if (words.empty() || denies(words)) return std::nullopt;
  const AskedFor asked = asked_for(question);
  static const WordSet kDeeds = {"happening", "going", "describe", "caption", "list", "tell"};
  const bool deed = std::any_of(words.begin(), words.end(),
                                [](const std::string& word) { return in(kDeeds, word); });
  if (asked.whole_picture && !deed) return NameQuestion{};
  drop_tail(words);
  if (asked.kind == QuestionKind::kYesNo) return presence(words, 0);
  if (asked.kind == QuestionKind::kThing) return which_kind(words, 0);
  return std::nullopt;
}

}  // namespace beholder::text
