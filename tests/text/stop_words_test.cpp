#include "text/stop_words.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

TEST(StopWordsTest, FunctionWordsOfEachClassAreOnTheList) {
  for (const char* word : {"the", "a", "it", "their", "of", "in", "is", "does", "can", "and",
                           "because", "what", "not"}) {
    EXPECT_TRUE(is_stop_word(word)) << word;
  }
}

TEST(StopWordsTest, WordsThatCanAnswerAreNot) {
  for (const char* word : {"dog", "two", "red", "left", "right", "yes", "no", "none", "standing",
                           "behind", "th", ""}) {
    EXPECT_FALSE(is_stop_word(word)) << word;
  }
}

TEST(LowerCaseWords, AreRunsOfLetters) {
  EXPECT_EQ(
      lower_case_words("Is the CUBE's 2nd side-face bl\u00fce?"),
      (std::vector<std::string>{"is", "the", "cube", "s", "nd", "side", "face", "bl\u00fce"}));
  EXPECT_TRUE(lower_case_words(" 12 !").empty());
}

TEST(StopWordsTest, TakesLowerCaseOnly) { EXPECT_FALSE(is_stop_word("The")); }

}  // namespace
}  // namespace beholder::text
