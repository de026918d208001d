// Words of a text as people count them.
#pragma once

#include <cstddef>
#include <string_view>

namespace beholder::text {

struct WordCount {
  std::size_t parts = 0;  ///< what blanks separate, as `wc -w` counts
  std::size_t words = 0;  ///< those of them with a letter or a digit
};

/// Bytes beyond ASCII count as letters.
WordCount count_words(std::string_view text);

}  // namespace beholder::text
