#include "text/words.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

TEST(Words, AreRunsOfLettersInLowerCase) {
  EXPECT_EQ(
      lower_case_words("Is the CUBE's 2nd side-face bl\u00fce?"),
      (std::vector<std::string>{"is", "the", "cube", "s", "nd", "side", "face", "bl\u00fce"}));
  EXPECT_TRUE(lower_case_words(" 12 !").empty());
}

TEST(Words, ArticlesGoByTheFirstLetter) {
  EXPECT_EQ(with_article("dog"), "a dog");
  EXPECT_EQ(with_article("umbrella"), "an umbrella");
}

TEST(Words, EndingsAreComparedFromTheEnd) {
  EXPECT_TRUE(ends_with("boxes", "es"));
  EXPECT_TRUE(ends_with("es", "es"));
  EXPECT_FALSE(ends_with("s", "es"));
}

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
