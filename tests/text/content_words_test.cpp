#include "text/content_words.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

using Words = std::vector<std::string>;

TEST(ContentWords, AreThoseThatCanBeWrong) {
  EXPECT_EQ(content_words("A man in a red T-shirt is standing next to his two dogs ."),
            (Words{"man", "red", "shirt", "standing", "two", "dogs"}));
  EXPECT_EQ(content_words("in front of a building"), Words{"building"});
  EXPECT_EQ(content_words("a dog chases a dog"), (Words{"dog", "chases", "dog"}));
  EXPECT_TRUE(content_words("").empty());
  EXPECT_TRUE(content_words("it is on the").empty());
}

TEST(ContentWords, AWordIsOneOrItIsNot) {
  EXPECT_TRUE(is_content_word("dog"));
  for (const char* word : {"", "the", "with", "t", ".", "two dogs", "t-shirt", "3", "many"})
    EXPECT_FALSE(is_content_word(word)) << word;
}

TEST(ContentWords, FormsOfAWordAreOneConcept) {
  EXPECT_EQ(concept_of("dogs"), concept_of("dog"));
  EXPECT_EQ(concept_of("runs"), concept_of("running"));
  EXPECT_EQ(concept_of("guys"), concept_of("man"));
  EXPECT_EQ(concept_of("grey"), concept_of("gray"));
  EXPECT_NE(concept_of("dog"), concept_of("cat"));
  EXPECT_EQ(concept_of("xylophonist"), "xylophonist");
}

}  // namespace
}  // namespace beholder::text
