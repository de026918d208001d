#include "generation/beam_search.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "core/permutation.hpp"
#include "generation/logits_processors.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
namespace {

constexpr std::int64_t kEnd = 0;

GenerationOptions options(std::int64_t beams) {
  GenerationOptions out;
  out.num_beams = out.num_return = beams;
  out.length_penalty = 0;
  out.end_token = kEnd;
  out.max_new_tokens = 4;
  return out;
}

/// A fixed random distribution over `vocabulary` tokens after each prefix.
std::vector<float> next(const std::vector<std::int64_t>& prefix, std::size_t vocabulary) {
  std::uint64_t seed = 7;
  for (const std::int64_t token : prefix) seed = seed * 31 + static_cast<std::uint64_t>(token) + 1;
  std::mt19937_64 random(seed);
  std::vector<double> weights;
  double total = 0;
  for (std::size_t i = 0; i < vocabulary; ++i) {
    weights.push_back(std::exp(3 * uniform(random)));
    total += weights.back();
  }
  std::vector<float> out;
  for (const double weight : weights) out.push_back(static_cast<float>(std::log(weight / total)));
  return out;
}

/// The search driven by `next`, with the prefixes kept as a network would keep its cache.
std::vector<Hypothesis> run(BeamSearch& search, std::size_t vocabulary) {
  std::vector<std::vector<std::int64_t>> prefixes(1);
  while (!search.done()) {
    if (!search.rows().empty()) {
      std::vector<std::vector<std::int64_t>> grown;
      for (std::size_t i = 0; i < search.size(); ++i) {
        grown.push_back(prefixes.at(search.rows()[i]));
        grown.back().push_back(search.tokens()[i]);
      }
      prefixes = grown;
    }
    std::vector<float> scores;
    for (const auto& prefix : prefixes) {
      const auto row = next(prefix, vocabulary);
      scores.insert(scores.end(), row.begin(), row.end());
    }
    search.advance(scores.data(), vocabulary);
  }
  return search.results();
}

/// The likeliest ended sequence of at most four tokens, the end included, by trying all.
double best_of_all(std::vector<std::int64_t>& prefix, double log_probability) {
  double best = -std::numeric_limits<double>::infinity();
  const auto row = next(prefix, 4);
  for (std::int64_t token = 0; token < 4; ++token) {
    if (token == kEnd) {
      best = std::max(best, log_probability + row[token]);
    } else if (prefix.size() < 3) {
      prefix.push_back(token);
      best = std::max(best, best_of_all(prefix, log_probability + row[token]));
      prefix.pop_back();
    }
  }
  return best;
}

TEST(BeamSearch, AWideOneFindsTheBestOfAllSequences) {
  BeamSearch search(options(64));
  std::vector<std::int64_t> prefix;
  EXPECT_NEAR(run(search, 4).front().log_probability, best_of_all(prefix, 0), 1e-5);
}

TEST(BeamSearch, GivesUpOnlyWhatCannotWin) {
  // Without a length penalty the results must be those of a search that never gives up: all
  // hypotheses that it returns are the best of a wider one, too.
  for (const std::int64_t beams : {2, 3, 5}) {
    BeamSearch narrow(options(beams));
    const auto found = run(narrow, 4);
    for (std::size_t i = 1; i < found.size(); ++i) EXPECT_GE(found[i - 1].score, found[i].score);
    for (const Hypothesis& hypothesis : found) {
      double total = 0;
      std::vector<std::int64_t> written;
      for (const std::int64_t token : hypothesis.tokens) {
        total += next(written, 4)[token];
        written.push_back(token);
      }
      if (hypothesis.finished) total += next(written, 4)[kEnd];
      EXPECT_NEAR(hypothesis.log_probability, total, 1e-5);
    }
  }
}

TEST(BeamSearch, WhatIsCertainStays) {
  BeamSearch search(options(3));
  std::vector<std::vector<std::int64_t>> certain;
  std::vector<std::vector<std::int64_t>> prefixes(1);
  while (!search.done()) {
    std::vector<std::vector<std::int64_t>> grown;
    for (std::size_t i = 0; i < search.size(); ++i) {
      grown.push_back(search.rows().empty() ? std::vector<std::int64_t>()
                                            : prefixes.at(search.rows()[i]));
      if (!search.tokens().empty()) grown.back().push_back(search.tokens()[i]);
    }
    prefixes = grown;
    std::vector<float> scores;
    for (const auto& prefix : prefixes) {
      const auto row = next(prefix, 4);
      scores.insert(scores.end(), row.begin(), row.end());
    }
    search.advance(scores.data(), 4);
    certain.push_back(search.certain());
  }
  const auto best = search.results().front().tokens;
  EXPECT_EQ(certain.back(), best);
  for (const auto& prefix : certain) {
    ASSERT_LE(prefix.size(), best.size());
    EXPECT_TRUE(std::equal(prefix.begin(), prefix.end(), best.begin()));
  }
}

TEST(TokenRules, NoNgramComesTwice) {
  GenerationOptions rules;
  rules.no_repeat_ngram = 3;
  rules.forbidden = {4};
  std::vector<float> row(6, 0);
  process_scores(row.data(), row.size(), {1, 2, 3, 1, 2}, rules);
  EXPECT_EQ(row[3], kImpossible);  // 1 2 3 was there
  EXPECT_EQ(row[4], kImpossible);
  for (const int free : {0, 1, 2, 5}) EXPECT_EQ(row[free], 0);
  row.assign(6, 0);
  process_scores(row.data(), row.size(), {1, 2}, rules);
  EXPECT_EQ(row[3], 0);
  row.assign(6, 0);
  rules.no_repeat_ngram = 1;
  process_scores(row.data(), row.size(), {1, 2}, rules);
  EXPECT_EQ(row[1], kImpossible);
  EXPECT_EQ(row[2], kImpossible);
  EXPECT_EQ(row[3], 0);
}

}  // namespace
}  // namespace beholder::generation
