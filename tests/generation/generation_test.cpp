#include "generation/generation.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "beholder/error.hpp"

namespace beholder::generation {
namespace {

constexpr std::int64_t kEnd = 0;

/// A step function over a table: the next token's probabilities after each prefix.
class Table {
 public:
  explicit Table(std::map<std::vector<std::int64_t>, std::vector<double>> next)
      : next_(std::move(next)) {}

  std::vector<float> operator()(const std::vector<std::int64_t>& rows,
                                const std::vector<std::int64_t>& tokens) {
    std::vector<std::vector<std::int64_t>> prefixes;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      prefixes.push_back(prefixes_[rows[i]]);
      prefixes.back().push_back(tokens[i]);
    }
    if (rows.empty()) prefixes = {{}};
    prefixes_ = prefixes;
    std::vector<float> out;
    for (const auto& prefix : prefixes_) {
      const auto found = next_.find(prefix);
      for (std::size_t token = 0; token < 3; ++token) {
        const double p = found == next_.end() ? (token == kEnd ? 1 : 0) : found->second[token];
        out.push_back(static_cast<float>(std::log(p)));
      }
    }
    return out;
  }

 private:
  std::map<std::vector<std::int64_t>, std::vector<double>> next_;
  std::vector<std::vector<std::int64_t>> prefixes_{{}};
};

// Greedy takes 1 (0.6) and ends with 0.6 · 0.5; the likeliest sequence begins with 2: 0.4 · 1.
Table trap() { return Table({{{}, {0, 0.6, 0.4}}, {{1}, {0.5, 0.25, 0.25}}, {{2}, {1, 0, 0}}}); }

GenerationOptions options(std::int64_t beams) {
  GenerationOptions out;
  out.num_beams = beams;
  out.num_return = beams;
  out.length_penalty = 0;
  out.end_token = kEnd;
  out.max_new_tokens = 5;
  return out;
}

TEST(GenerationTest, BeamFindsWhatGreedyMisses) {
  const auto greedy = beam_search(trap(), options(1));
  ASSERT_EQ(greedy.size(), 1U);
  EXPECT_EQ(greedy[0].tokens, (std::vector<std::int64_t>{1}));
  EXPECT_NEAR(std::exp(greedy[0].log_probability), 0.3, 1e-6);
  const auto beam = beam_search(trap(), options(2));
  ASSERT_EQ(beam.size(), 2U);
  EXPECT_EQ(beam[0].tokens, (std::vector<std::int64_t>{2}));
  EXPECT_NEAR(std::exp(beam[0].log_probability), 0.4, 1e-6);
  EXPECT_TRUE(beam[0].finished);
  EXPECT_GE(beam[0].score, beam[1].score);
}

TEST(GenerationTest, GreedyStopsAtTheFirstEndAndPenaltyFavoursLength) {
  // The end is likelier at once; the longer sequence has the better mean.
  const Table early({{{}, {0.5, 0.4, 0.1}}, {{1}, {1, 0, 0}}});
  GenerationOptions mean = options(1);
  mean.length_penalty = 1;
  EXPECT_TRUE(beam_search(early, mean)[0].tokens.empty());
  GenerationOptions two = options(2);
  EXPECT_TRUE(beam_search(early, two)[0].tokens.empty());
  two.length_penalty = 1;
  EXPECT_EQ(beam_search(early, two)[0].tokens, (std::vector<std::int64_t>{1}));
}

TEST(GenerationTest, ForbiddenTokensAndLimitsHold) {
  GenerationOptions without = options(1);
  without.forbidden = {1};
  EXPECT_EQ(beam_search(trap(), without)[0].tokens, (std::vector<std::int64_t>{2}));
  const Table endless({{{}, {0, 1, 0}}, {{1}, {0, 1, 0}}, {{1, 1}, {0, 1, 0}}});
  GenerationOptions three = options(1);
  three.max_new_tokens = 3;
  const auto cut = beam_search(endless, three);
  EXPECT_EQ(cut[0].tokens.size(), 3U);
  EXPECT_FALSE(cut[0].finished);
}

TEST(GenerationTest, NoRepeatedNgram) {
  const Table loop({{{}, {0, 1, 0}},
                    {{1}, {0, 0.9, 0.1}},
                    {{1, 1}, {0, 0.9, 0.1}},
                    {{1, 2}, {1, 0, 0}},
                    {{1, 1, 2}, {1, 0, 0}}});
  GenerationOptions no_pairs = options(1);
  no_pairs.no_repeat_ngram = 2;
  EXPECT_EQ(beam_search(loop, no_pairs)[0].tokens, (std::vector<std::int64_t>{1, 1, 2}));
}

TEST(GenerationTest, SamplingFollowsSeedAndSupport) {
  const Table coin({{{}, {0, 0.5, 0.5}}});
  std::map<std::int64_t, int> seen;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SamplingOptions sampling;
    sampling.seed = seed;
    const Hypothesis a = sample(coin, options(1), sampling);
    EXPECT_EQ(a.tokens, sample(coin, options(1), sampling).tokens);
    ++seen[a.tokens.at(0)];
  }
  EXPECT_GT(seen[1], 60);
  EXPECT_GT(seen[2], 60);
  SamplingOptions narrow;
  narrow.top_k = 1;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    narrow.seed = seed;
    EXPECT_EQ(sample(trap(), options(1), narrow).tokens.at(0), 1);
  }
  SamplingOptions nucleus;
  nucleus.top_p = 0.5;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    nucleus.seed = seed;
    EXPECT_EQ(sample(trap(), options(1), nucleus).tokens.at(0), 1);
  }
}

TEST(GenerationTest, ScoresAGivenSequence) {
  EXPECT_NEAR(std::exp(score(trap(), {1}, kEnd)), 0.3, 1e-6);
  EXPECT_NEAR(std::exp(score(trap(), {2}, kEnd)), 0.4, 1e-6);
}

TEST(GenerationTest, BadOptionsAreUsageErrors) {
  GenerationOptions bad = options(1);
  bad.num_beams = 0;
  EXPECT_THROW(beam_search(trap(), bad), Error);
  bad = options(2);
  bad.num_return = 3;
  EXPECT_THROW(beam_search(trap(), bad), Error);
  SamplingOptions cold;
  cold.temperature = 0;
  EXPECT_THROW(sample(trap(), options(1), cold), Error);
  EXPECT_THROW(score(trap(), {7}, kEnd), Error);
}

TEST(Generation, StopsWhereNothingMayFollow) {
  const StepFunction even = [](const auto& rows, const auto&) {
    return std::vector<float>(4 * std::max<std::size_t>(1, rows.size()), std::log(0.25f));
  };
  GenerationOptions options;
  options.forbidden = {0, 1, 2, 3};
  for (const std::int64_t beams : {1, 3}) {
    options.num_beams = beams;
    const auto found = beam_search(even, options);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_TRUE(found[0].tokens.empty());
    EXPECT_FALSE(found[0].finished);
  }
  const Hypothesis sampled = sample(even, options, {});
  EXPECT_TRUE(sampled.tokens.empty());
  EXPECT_FALSE(sampled.finished);
}

}  // namespace
}  // namespace beholder::generation
