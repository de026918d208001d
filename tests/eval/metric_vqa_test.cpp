#include "eval/metric_vqa.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder::eval {
namespace {

TEST(VqaMetricTest, NormalisesAnswers) {
  EXPECT_EQ(normalize_answer("The Dog."), "dog");
  EXPECT_EQ(normalize_answer("two"), "2");
  EXPECT_EQ(normalize_answer("none"), "0");
  EXPECT_EQ(normalize_answer("dont"), "don't");
  EXPECT_EQ(normalize_answer("garbage_bin"), "garbage bin");
  EXPECT_EQ(normalize_answer(" a  red\tcar\n"), "red car");
  EXPECT_EQ(normalize_answer("2.5"), "2.5");
}

TEST(VqaMetricTest, ListsAreSets) {
  EXPECT_TRUE(answers_match("scissor, Book", "book,scissor"));
  EXPECT_FALSE(answers_match("book", "book, scissor"));
  EXPECT_TRUE(answers_match("garbage bin", "garbage_bin"));
  EXPECT_FALSE(answers_match("", "book"));
}

TEST(VqaMetricTest, ConsensusOfTenPeople) {
  const std::vector<AnswerCount> answers{{"red", 2}, {"blue", 8}};
  EXPECT_NEAR(consensus_accuracy("blue", answers), 1, 1e-12);
  // Leave one out: twice 1 of 3 (one of the two is left out), eight times 2 of 3.
  EXPECT_NEAR(consensus_accuracy("red", answers), (2 * (1.0 / 3) + 8 * (2.0 / 3)) / 10, 1e-12);
  EXPECT_DOUBLE_EQ(consensus_accuracy("green", answers), 0);
}

}  // namespace
}  // namespace beholder::eval
