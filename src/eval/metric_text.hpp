// Small helpers on UTF-8 text that several metrics share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beholder::eval {

/// Lower case, one code point to one code point (Unicode's simple mapping); bytes that are not
/// UTF-8 stay as they are, for a prediction may hold any.
std::string lower_case(std::string_view text);

/// The parts between ASCII whitespace.
std::vector<std::string> split_words(std::string_view text);

/// The words with one space between them.
std::string join_words(const std::vector<std::string>& words);

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace beholder::eval
