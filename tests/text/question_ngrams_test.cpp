#include "text/question_ngrams.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

TEST(QuestionNGrams, AreTheSequencesOfUpToThreeWordsWithTheEnds) {
  EXPECT_EQ(question_ngrams("Is it raining?"),
            (std::vector<std::string>{"^ is", "^ is it", "is", "is it", "is it raining", "it",
                                      "it raining", "it raining $", "raining", "raining $"}));
}

TEST(QuestionNGrams, ComeOnceEach) {
  EXPECT_EQ(
      question_ngrams("red red"),
      (std::vector<std::string>{"^ red", "^ red red", "red", "red $", "red red", "red red $"}));
}

TEST(NGramVocabulary, NumbersTheKnownOnes) {
  const NGramVocabulary vocabulary({"is", "raining $", "snow"});
  EXPECT_EQ(vocabulary.size(), 3);
  EXPECT_EQ(vocabulary.ids("Is it raining?"), (std::vector<std::int64_t>{0, 1}));
  EXPECT_TRUE(vocabulary.ids("").empty());
  EXPECT_TRUE(vocabulary.contains("snow"));
  EXPECT_FALSE(vocabulary.contains("rain"));
}

}  // namespace
}  // namespace beholder::text
