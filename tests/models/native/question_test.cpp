#include "models/native/question.hpp"

#include <gtest/gtest.h>

namespace beholder::models::native {
namespace {

TEST(Question, IsTheSameHoweverItIsPunctuated) {
  for (const char* asked :
       {"is it red", "is it red?", "is it red ?", "is it red??", "  is  it\tred ? ? ", "is it red.",
        "is it red?!", "is it red\r\n", "is it red\uFF1F", "is it\u00A0red\u3000?",
        "\uFEFFis it red?", "is it red\u061F"})
    EXPECT_EQ(normalised_question(asked), "is it red?") << asked;
  EXPECT_EQ(normalised_question("Is it red"), "Is it red?");
  EXPECT_EQ(normalised_question("There are two cubes. Are both red"),
            "There are two cubes. Are both red?");
  EXPECT_EQ(normalised_question("wo ist das Café"), "wo ist das Café?");
  EXPECT_EQ(normalised_question("is it 3.5 m\xFF"), "is it 3.5 m\xFF?");
  for (const char* nothing : {"", " ", "?", " ?? ", "\uFF1F", "\uFEFF\n"})
    EXPECT_EQ(normalised_question(nothing), "") << nothing;
}

}  // namespace
}  // namespace beholder::models::native
