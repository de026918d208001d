#include "data/daquar_text.hpp"

#include <gtest/gtest.h>

namespace beholder::data {
namespace {

TEST(DaquarText, TakesOffTheNumberedTail) {
  EXPECT_EQ(clean_question("what is on the wall in the image23 ?"), "what is on the wall?");
  EXPECT_EQ(clean_question("what is on the left side of the image140 ?"),
            "what is on the left side?");
  EXPECT_EQ(clean_question("What is red, in this image23?"), "What is red?");
  EXPECT_EQ(clean_question("what is behind the chair in image 5 ?"), "what is behind the chair?");
  EXPECT_EQ(clean_question("what is on the table image108 ?"), "what is on the table?");
  EXPECT_EQ(clean_question("how many chairs are in image7 ?"), "how many chairs are there?");
}

TEST(DaquarText, KeepsTheWordWhereTheNumberStandsFurtherForward) {
  EXPECT_EQ(clean_question("what is right of the image10 behind the door in the image10 ?"),
            "what is right of the image behind the door?");
  EXPECT_EQ(clean_question("image3 ?"), "image?");
}

TEST(DaquarText, LeavesOtherQuestionsTheirWords) {
  EXPECT_EQ(clean_question("  what is   in the image ?"), "what is in the image?");
  EXPECT_EQ(clean_question("is there a dog"), "is there a dog?");
  EXPECT_EQ(clean_question("how many images23x are on the wall??"),
            "how many images23x are on the wall?");
  EXPECT_EQ(clean_question(" ? "), "");
  EXPECT_EQ(clean_question(""), "");
}

TEST(DaquarText, CleaningTwiceChangesNothing) {
  for (const char* question :
       {"what is red in the image23 ?", "how many are in image 9?", "image1"})
    EXPECT_EQ(clean_question(clean_question(question)), clean_question(question));
}

TEST(DaquarText, AnswersReadAsNaturalText) {
  EXPECT_EQ(answer_to_text("garbage_bin"), "garbage bin");
  EXPECT_EQ(answer_to_text("lamp, night_stand,bed"), "lamp, night stand, bed");
  EXPECT_EQ(answer_items("a_b, ,c"), (std::vector<std::string>{"a b", "c"}));
  EXPECT_EQ(answer_to_text(""), "");
}

}  // namespace
}  // namespace beholder::data
