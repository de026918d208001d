#include "text/word_count.hpp"

namespace beholder::text {
namespace {

bool is_blank(unsigned char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

bool is_letter_or_digit(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

}  // namespace

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
