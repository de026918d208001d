#include "text/words.hpp"

#include <cctype>

namespace beholder::text {
namespace {

bool is_blank(unsigned char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool is_letter_or_digit(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::vector<std::string> lower_case_words(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) out.push_back(std::move(word));
    word.clear();
  };
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalpha(byte) != 0)
      word += static_cast<char>(byte < 0x80 ? std::tolower(byte) : byte);
    else
      finish();
  }
  finish();
  return out;
}

std::string with_article(const std::string& noun) {
  return (std::string_view("aeiou").find(noun.front()) == std::string_view::npos ? "a " : "an ") +
         noun;
}

WordCount count_words(std::string_view text) {
  WordCount out;
  bool in_part = false, said = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_blank(byte)) {
      in_part = said = false;
      continue;
    }
    if (!in_part) ++out.parts;
    in_part = true;
    if (said || !is_letter_or_digit(byte)) continue;
    said = true;
    ++out.words;
  }
  return out;
}

}  // namespace beholder::text
