#include "text/value_words.hpp"

#include <gtest/gtest.h>

#include <set>

namespace beholder::text {
namespace {

TEST(ValueWords, EveryValueStandsOnceAndHasTheNamesItCounts) {
  std::set<std::string> values;
  for (const ValueWords& one : value_words()) {
    EXPECT_TRUE(values.insert(one.value()).second) << one.value();
    EXPECT_EQ(words_for(one.value()), &one);
    EXPECT_LE(one.in_clevr, one.in_world) << one.value();
    EXPECT_LE(one.in_world, one.names.size()) << one.value();
    EXPECT_GE(one.in_world, 1U) << one.value();
  }
  EXPECT_EQ(words_for("big"), nullptr) << "a synonym is no value";
}

TEST(ValueWords, SynonymsNameTheSameValueAndLooseWordsDoNot) {
  EXPECT_TRUE(same_value("shiny", "metal"));
  EXPECT_TRUE(same_value("big", "huge"));
  EXPECT_TRUE(same_value("block", "cube"));
  EXPECT_TRUE(same_value("dog", "dog"));
  EXPECT_FALSE(same_value("cube", "square"));
  EXPECT_FALSE(same_value("big", "small"));
}

TEST(ValueWords, KnowsColorsAndTheirShades) {
  for (const char* word : {"red", "grey", "cyan", "golden", "teal", "transparent"})
    EXPECT_TRUE(is_color_word(word)) << word;
  for (const ValueWords& one : value_words())
    if (one.attribute == "color") EXPECT_TRUE(is_color_word(one.value())) << one.value();
  for (const char* word : {"large", "metal", "dog", ""}) EXPECT_FALSE(is_color_word(word)) << word;
}

}  // namespace
}  // namespace beholder::text
