#include "text/bag_of_words.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

TEST(BagOfWords, CountsWordsAndTheirSequences) {
  const NGramCounts counts = count_ngrams({"a", "dog", "and", "a", "dog"});
  EXPECT_EQ(counts[0],
            (std::unordered_map<std::string, double>{{"a\n", 2}, {"dog\n", 2}, {"and\n", 1}}));
  EXPECT_EQ(counts[1].at("a\ndog\n"), 2);
  EXPECT_EQ(counts[1].size(), 3u);
  EXPECT_EQ(counts[3].size(), 2u);
}

TEST(BagOfWords, AWordIsNotPartOfAnother) {
  const NGramCounts counts = count_ngrams({"ab", "c"});
  EXPECT_EQ(counts[1].count("a\nbc\n"), 0u);
  EXPECT_EQ(counts[1].at("ab\nc\n"), 1);
  EXPECT_TRUE(count_ngrams({})[0].empty());
}

}  // namespace
}  // namespace beholder::text
