#include "text/word_joiner.hpp"

#include <algorithm>
#include <string_view>

#include "text/words.hpp"

namespace beholder::text {
namespace {

constexpr std::string_view kCloseLeft = ",.!?;:)]}%-/", kCloseRight = "([{$-/";

/// Whether a word is one of the marks.
bool is_mark(const std::string& word, std::string_view marks) {
  return word.size() == 1 && marks.find(word[0]) != std::string_view::npos;
}

/// Whether a word follows the apostrophe of a possessive or of a contraction.
bool follows_apostrophe(std::string_view word) {
  return one_of(word, {"s", "t", "re", "ll", "d", "m", "ve"});
}

bool is_number(std::string_view word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Whether the mark at `i` stands inside a number: a decimal point, a clock, thousands.
bool inside_number(const std::vector<std::string>& words, std::size_t i) {
  if (i == 0 || i + 1 >= words.size()) return false;
  if (!is_number(words[i - 1]) || !is_number(words[i + 1])) return false;
  return words[i] == "." || words[i] == ":" || (words[i] == "," && words[i + 1].size() == 3);
}

}  // namespace

std::string join_words(const std::vector<std::string>& words) {
  std::string out;
  bool glue = true;         // no space before the next word
  bool quote_open = false;  // inside double quotes
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool quote = word == "\"";
    const bool close_left = is_mark(word, kCloseLeft) || word == "'" || (quote && quote_open);
    if (!glue && !close_left) out.push_back(' ');
    out += word;
    glue = is_mark(word, kCloseRight) || inside_number(words, i) || (quote && !quote_open) ||
           (word == "'" && i + 1 < words.size() && follows_apostrophe(words[i + 1]));
    if (quote) quote_open = !quote_open;
  }
  return out;
}

std::string join_pieces(const std::vector<std::string>& pieces) {
  std::vector<std::string> words;
  for (const std::string& piece : pieces) {
    if (piece.size() > 2 && piece.compare(0, 2, "##") == 0) {
      if (words.empty()) words.emplace_back();
      words.back().append(piece, 2, std::string::npos);
    } else {
      words.push_back(piece);
    }
  }
  return join_words(words);
}

}  // namespace beholder::text
