#include "text/word_joiner.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace beholder::text {
namespace {

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

constexpr std::array<std::string_view, 10> kCloseLeft = {",", ".", "!", "?", ";",
                                                         ":", ")", "]", "}", "%"};
constexpr std::array<std::string_view, 4> kCloseRight = {"(", "[", "{", "$"};
constexpr std::array<std::string_view, 2> kCloseBoth = {"-", "/"};
/// What follows the apostrophe of a possessive or of a contraction.
constexpr std::array<std::string_view, 7> kAfterApostrophe = {"s", "t", "re", "ll", "d", "m", "ve"};

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
    const bool close_left = contains(kCloseLeft, word) || contains(kCloseBoth, word) ||
                            word == "'" || (quote && quote_open);
    if (!glue && !close_left) out.push_back(' ');
    out += word;
    glue = contains(kCloseRight, word) || contains(kCloseBoth, word) || inside_number(words, i) ||
           (quote && !quote_open) ||
           (word == "'" && i + 1 < words.size() && contains(kAfterApostrophe, words[i + 1]));
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
