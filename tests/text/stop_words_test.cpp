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

TEST(StopWordsTest, TakesLowerCaseOnly) { EXPECT_FALSE(is_stop_word("The")); }

}  // namespace
}  // namespace beholder::text
