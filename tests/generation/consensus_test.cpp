#include "generation/consensus.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace beholder::generation {
namespace {

// By hand: "a b" and "a c" share one of two words (cosine 1/2) and no pair of words; the mean over
// n = 1..4 is 1/8. "a b" with itself: 1 for n = 1 and n = 2, nothing longer: 2/4.
TEST(Consensus, SumsSimilarityToTheOthers) {
  const std::vector<double> two = consensus_scores({"a b", "a c"});
  EXPECT_NEAR(two[0], 0.125, 1e-12);
  EXPECT_NEAR(two[1], 0.125, 1e-12);
  EXPECT_NEAR(consensus_scores({"a b", "a b"})[0], 0.5, 1e-12);
  // One word against two: cosine 1/sqrt 2 for n = 1, lengths one apart.
  EXPECT_NEAR(consensus_scores({"a b", "a"})[1], std::exp(-1.0 / 72) / std::sqrt(2.0) / 4, 1e-12);
}

TEST(Consensus, PrefersWhatManySay) {
  const std::vector<double> scores =
      consensus_scores({"a cat sleeps", "a dog runs on grass", "a brown dog runs on the grass",
                        "the dog runs on grass"});
  EXPECT_EQ(std::min_element(scores.begin(), scores.end()) - scores.begin(), 0);
  EXPECT_NE(std::max_element(scores.begin(), scores.end()) - scores.begin(), 0);
}

TEST(Consensus, TakesOddInput) {
  EXPECT_TRUE(consensus_scores({}).empty());
  EXPECT_EQ(consensus_scores({"alone"}), std::vector<double>{0});
  EXPECT_EQ(consensus_scores({"", ""}), (std::vector<double>{0, 0}));
}

}  // namespace
}  // namespace beholder::generation
