#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "eval/metric_caption.hpp"
#include "eval/metric_text.hpp"

namespace beholder::eval {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}

/// Typographic quotes, dashes and the ellipsis as their ASCII forms.
std::string plain_punctuation(std::string text) {
  constexpr std::array<std::array<std::string_view, 2>, 8> kForms = {{{"\u2018", "'"},
                                                                      {"\u2019", "'"},
                                                                      {"\u201c", "\""},
                                                                      {"\u201d", "\""},
                                                                      {"\u2013", " -- "},
                                                                      {"\u2014", " -- "},
                                                                      {"\u2026", " ... "},
                                                                      {"\u00a0", " "}}};
  for (const auto& [from, to] : kForms)
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at))
      text.replace(at, from.size(), to);
  return text;
}

bool is_abbreviation(std::string_view word) {  // without its last period
  static const std::unordered_set<std::string_view> known = {"mr", "mrs", "ms",  "dr", "st", "jr",
                                                             "sr", "vs",  "etc", "mt", "ft"};
  if (known.count(word) > 0) return true;
  // u.s, a.m: single letters with periods between
  if (word.size() < 3 || word.size() % 2 == 0) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if (i % 2 == 0 ? !(word[i] >= 'a' && word[i] <= 'z') : word[i] != '.') return false;
  return true;
}

/// Where the word that starts at `begin` ends: letters and digits, joined by - / & ' within, by a
/// period or a comma or a colon only between digits, or periods of an abbreviation.
std::size_t word_end(const std::string& text, std::size_t begin) {
  std::size_t end = begin;
  while (end < text.size()) {
    if (is_word(text[end])) {
      ++end;
      continue;
    }
    const char c = text[end];
    const bool inside = end > begin && end + 1 < text.size() && is_word(text[end + 1]);
    if (!inside) break;
    const bool digits = is_digit(text[end - 1]) && is_digit(text[end + 1]);
    const bool initials = c == '.' && (end < begin + 2 || text[end - 2] == '.') &&
                          (end + 2 == text.size() || !is_word(text[end + 2]));
    const bool joins = c == '-' || c == '/' || c == '\'' || c == '&' || c == '_';
    if (joins || (digits && (c == '.' || c == ',' || c == ':')) || initials)
      ++end;
    else
      break;
  }
  if (end < text.size() && text[end] == '.' &&
      is_abbreviation(std::string_view(text).substr(begin, end - begin)))
    ++end;
  return end;
}

/// Adds a word, its contraction split off.
void add_word(const std::string& word, Tokens& tokens) {
  static const std::unordered_map<std::string_view, std::size_t> joined = {
      {"cannot", 3}, {"gonna", 3}, {"gotta", 3}, {"wanna", 3}, {"lemme", 3}, {"gimme", 3}};
  if (const auto found = joined.find(word); found != joined.end()) {
    tokens.push_back(word.substr(0, found->second));
    tokens.push_back(word.substr(found->second));
    return;
  }
  for (const std::string_view tail : {"n't", "'s", "'m", "'d", "'re", "'ve", "'ll"}) {
    if (word.size() <= tail.size()) continue;
    const std::size_t stem = word.size() - tail.size();
    if (word.compare(stem, std::string::npos, tail) != 0) continue;
    add_word(word.substr(0, stem), tokens);
    tokens.emplace_back(tail);
    return;
  }
  tokens.push_back(word);
}

}  // namespace

Tokens caption_tokens(std::string_view caption) {
  // The list of pycocoevalcap's ptbtokenizer.py, but for the quotes, which are never made here.
  constexpr std::string_view kDropped = "'`\".?!,:-;";
  static const std::unordered_map<char, std::string> brackets = {{'(', "-lrb-"}, {')', "-rrb-"},
                                                                 {'[', "-lsb-"}, {']', "-rsb-"},
                                                                 {'{', "-lcb-"}, {'}', "-rcb-"}};
  Tokens tokens;
  for (const std::string& chunk : split_words(plain_punctuation(lower_case(caption)))) {
    for (std::size_t at = 0; at < chunk.size();) {
      if (is_word(chunk[at])) {
        const std::size_t end = word_end(chunk, at);
        add_word(chunk.substr(at, end - at), tokens);
        at = end;
        continue;
      }
      // A contraction that stands alone: "dog 's".
      const std::size_t end = chunk[at] == '\'' ? word_end(chunk, at + 1) : at;
      static const std::unordered_set<std::string> tails = {"'s", "'m", "'d", "'re", "'ve", "'ll"};
      if (end > at + 1 && tails.count(chunk.substr(at, end - at)) > 0) {
        tokens.push_back(chunk.substr(at, end - at));
        at = end;
        continue;
      }
      if (const auto name = brackets.find(chunk[at]); name != brackets.end())
        tokens.push_back(name->second);
      else if (kDropped.find(chunk[at]) == std::string_view::npos)
        tokens.push_back(chunk.substr(at, 1));
      ++at;
    }
  }
  return tokens;
}

}  // namespace beholder::eval
