#include "data/daquar_text.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <initializer_list>

namespace beholder::data {

namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

bool equals_any(std::string_view word, std::initializer_list<std::string_view> options) {
  return std::any_of(options.begin(), options.end(), [&](std::string_view option) {
    return word.size() == option.size() &&
           std::equal(word.begin(), word.end(), option.begin(), [](char a, char b) {
             return std::tolower(static_cast<unsigned char>(a)) == b;
           });
  });
}

bool all_digits(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), is_digit);
}

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  bool inside = false;
  for (const char c : text) {
    if (is_space(c)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    words.back() += c;
  }
  return words;
}

std::string join(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

/// "image23" and "image 23" become "image"; the position of the last word so changed, or npos.
std::size_t drop_picture_numbers(std::vector<std::string>& words) {
  std::size_t last = std::string::npos;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (word.size() > 5 && equals_any(word.substr(0, 5), {"image"}) && all_digits(word.substr(5))) {
      words[i].resize(5);
      last = i;
    } else if (equals_any(word, {"image"}) && i + 1 < words.size() && all_digits(words[i + 1])) {
      words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      last = i;
    }
  }
  return last;
}

}  // namespace

std::string clean_question(std::string_view question) {
  std::vector<std::string> words = split_words(question);
  const auto strip_last = [&](std::string_view marks) {
    while (!words.empty()) {
      std::string& last = words.back();
      while (!last.empty() && marks.find(last.back()) != std::string_view::npos) last.pop_back();
      if (!last.empty()) return;
      words.pop_back();
    }
  };
  strip_last("?.!");
  if (words.empty()) return {};

  const std::size_t numbered = drop_picture_numbers(words);
  if (numbered != std::string::npos && numbered + 1 == words.size()) {
    const std::vector<std::string> whole = words;
    words.pop_back();
    if (!words.empty() && equals_any(words.back(), {"the", "this"})) words.pop_back();
    if (!words.empty() && equals_any(words.back(), {"in", "of", "on"})) words.pop_back();
    strip_last(",");
    if (words.empty()) {
      words = whole;
    } else if (equals_any(words.back(), {"is", "are"})) {
      words.emplace_back(
          "there");  // "how many chairs are in image5" asks as well without a picture
    }
  }
  return join(words, " ") + "?";
}

std::vector<std::string> answer_items(std::string_view answer) {
  std::vector<std::string> items;
  std::string text(answer);
  std::replace(text.begin(), text.end(), '_', ' ');
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    std::string item = join(split_words(std::string_view(text).substr(begin, end - begin)), " ");
    if (!item.empty()) items.push_back(std::move(item));
    begin = end + 1;
  }
  return items;
}

std::string answer_to_text(std::string_view answer) { return join(answer_items(answer), ", "); }

}  // namespace beholder::data
