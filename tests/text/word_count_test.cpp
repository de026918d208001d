#include "text/word_count.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

TEST(WordCount, WordsAreWhatBlanksSeparate) {
  const auto expect = [](const char* text, std::size_t parts, std::size_t words) {
    EXPECT_EQ(count_words(text).parts, parts) << text;
    EXPECT_EQ(count_words(text).words, words) << text;
  };
  expect("", 0, 0);
  expect("  a  dog\t\nruns ", 3, 3);
  expect("the man's t-shirt, 2.5 m long.", 6, 6);
  expect("? - a & b", 5, 2);
  expect("un café à Zürich", 4, 4);
}

}  // namespace
}  // namespace beholder::text
