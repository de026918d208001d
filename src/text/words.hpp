// Small things about English words.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace beholder::text {

/// ASCII letters in lower case; other bytes stay as they are.
std::string lower_case(std::string_view text);

/// The runs of ASCII letters of a text, in lower case; other letters count as letters and stay as
/// they are.
std::vector<std::string> lower_case_words(std::string_view text);

/// "a dog", "an umbrella".
std::string with_article(const std::string& noun);

inline bool ends_with(std::string_view word, std::string_view ending) {
  return word.size() >= ending.size() && word.substr(word.size() - ending.size()) == ending;
}

inline bool one_of(std::string_view word, std::initializer_list<std::string_view> options) {
  return std::find(options.begin(), options.end(), word) != options.end();
}

/// Words of a text as people count them.
struct WordCount {
  std::size_t parts = 0;  ///< what blanks separate, as `wc -w` counts
  std::size_t words = 0;  ///< those of them with a letter or a digit
};

/// Bytes beyond ASCII count as letters.
WordCount count_words(std::string_view text);

}  // namespace beholder::text
