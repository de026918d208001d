#include "text/asked_noun.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

using Words = std::vector<std::string>;

TEST(AskedNoun, IsWhatIsCounted) {
  EXPECT_EQ(asked_noun("How many red buses are there?"), (Words{"buses", "red"}));
  EXPECT_EQ(asked_noun("How many people can you see in the picture?"), (Words{"people"}));
  EXPECT_EQ(asked_noun("How many of the men are wearing hats?"), (Words{"men"}));
}

TEST(AskedNoun, IsWhatHasTheColour) {
  EXPECT_EQ(asked_noun("What color is the man's shirt?"), (Words{"shirt", "man"}));
  EXPECT_EQ(asked_noun("What colour are the flowers on the table?"), (Words{"flowers"}));
  EXPECT_EQ(asked_noun("What is the color of the train?"), (Words{"train"}));
}

TEST(AskedNoun, IsNothingForOtherQuestions) {
  EXPECT_TRUE(asked_noun("Is there a dog?").empty());
  EXPECT_TRUE(asked_noun("What is this?").empty());
  EXPECT_TRUE(asked_noun("How many?").empty());
  EXPECT_TRUE(asked_noun("").empty());
}

}  // namespace
}  // namespace beholder::text
