#include "eval/metric_text.hpp"

#include <utf8proc.h>

#include <algorithm>

namespace beholder::eval {

std::string lower_case(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    utf8proc_int32_t code = 0;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code);
    if (length <= 0) {
      result.push_back(text.front());
      text.remove_prefix(1);
      continue;
    }
    utf8proc_uint8_t lower[4];
    const auto lower_length = utf8proc_encode_char(utf8proc_tolower(code), lower);
    result.append(reinterpret_cast<const char*>(lower), static_cast<std::size_t>(lower_length));
    text.remove_prefix(static_cast<std::size_t>(length));
  }
  return result;
}

std::vector<std::string> split_words(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\r\f\v";
  std::vector<std::string> words;
  for (std::size_t begin = text.find_first_not_of(kSpace); begin != std::string_view::npos;) {
    const std::size_t end = std::min(text.find_first_of(kSpace, begin), text.size());
    words.emplace_back(text.substr(begin, end - begin));
    begin = text.find_first_not_of(kSpace, end);
  }
  return words;
}

std::string join_words(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text.push_back(' ');
    text += word;
  }
  return text;
}

}  // namespace beholder::eval
