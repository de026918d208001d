#include "generation/logits_processors.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "beholder/error.hpp"
#include "generation/token_rules.hpp"

namespace beholder::generation {
namespace {

using Tokens = std::vector<std::int64_t>;

TEST(LogitsProcessors, ThePenaltyTakesEachTokenOnceAndThePromptsToo) {
  GenerationOptions options;
  options.repetition_penalty = 2;
  options.prompt = {3, 9};  // 9 is outside the vocabulary
  std::vector<float> row = {-1, 1, 0, 4, -4};
  penalise_repetition(row.data(), row.size(), {0, 1, 1, 0}, options);
  EXPECT_EQ(row, (std::vector<float>{-2, 0.5f, 0, 2, -4}));
  options.repetition_penalty = 0.5;
  penalise_repetition(row.data(), row.size(), {0, 1}, options);
  EXPECT_EQ(row, (std::vector<float>{-1, 1, 0, 4, -4}));
}

TEST(LogitsProcessors, NGramsReachIntoThePrompt) {
  GenerationOptions options;
  options.prompt = {0, 1};
  options.no_repeat_ngram = 2;
  std::vector<float> row(4, 0);
  forbid_repeated_ngrams(row.data(), row.size(), {2, 0}, options);
  EXPECT_EQ(row[1], kImpossible);  // 0 1 stood in the prompt
  EXPECT_EQ(row[2], 0);
  options.no_repeat_ngram = 1;
  row.assign(4, 0);
  forbid_repeated_ngrams(row.data(), row.size(), {2}, options);
  EXPECT_EQ(row, (std::vector<float>{kImpossible, kImpossible, kImpossible, 0}));
  options.no_repeat_ngram = 4;
  row.assign(4, 0);
  forbid_repeated_ngrams(row.data(), row.size(), {2}, options);
  EXPECT_EQ(row, std::vector<float>(4, 0)) << "no n-gram is complete yet";
}

TEST(LogitsProcessors, TheLeastNumberCountsNewTokensAlone) {
  GenerationOptions options;
  options.end_token = 1;
  options.min_new_tokens = 2;
  options.prompt = {0, 0, 0};
  for (const auto& [written, possible] :
       {std::pair{Tokens{}, false}, {Tokens{0}, false}, {Tokens{0, 0}, true}}) {
    std::vector<float> row(3, 0);
    process_scores(row.data(), row.size(), written, options);
    EXPECT_EQ(row[1] != kImpossible, possible) << written.size();
    EXPECT_EQ(row[2], 0);
  }
}

TEST(LogitsProcessors, NormalisingKeepsWhatIsImpossible) {
  std::vector<float> row = {0, std::log(3.0f), kImpossible};
  normalise(row.data(), row.size());
  EXPECT_NEAR(row[0], std::log(0.25), 1e-6);
  EXPECT_NEAR(row[1], std::log(0.75), 1e-6);
  EXPECT_EQ(row[2], kImpossible);
  std::vector<float> dead(2, kImpossible);
  normalise(dead.data(), dead.size());
  EXPECT_EQ(dead, std::vector<float>(2, kImpossible));
}

/// The same scores whatever was written; 3 is the end.
StepFunction always(std::vector<float> scores) {
  return [scores](const Tokens&, const Tokens& tokens) {
    std::vector<float> out;
    for (std::size_t i = 0; i < std::max<std::size_t>(1, tokens.size()); ++i)
      out.insert(out.end(), scores.begin(), scores.end());
    return out;
  };
}

TEST(LogitsProcessors, ASearchRanksByThePenaltyAndTellsTheNetworksProbability) {
  const std::vector<float> scores = {std::log(0.6f), std::log(0.3f), std::log(0.05f),
                                     std::log(0.05f)};
  GenerationOptions options;
  options.end_token = 3;
  options.max_new_tokens = 2;
  options.repetition_penalty = 3;  // log 0.6 three times is below log 0.3
  const Hypothesis greedy = beam_search(always(scores), options).at(0);
  EXPECT_EQ(greedy.tokens, (Tokens{0, 1}));
  EXPECT_NEAR(greedy.log_probability, std::log(0.6 * 0.3), 1e-6);
  options.num_beams = 2;
  options.max_new_tokens = 3;
  const Hypothesis best = beam_search(always(scores), options).at(0);
  EXPECT_LT(best.ranked, best.log_probability);
}

TEST(LogitsProcessors, LogitsAreChangedBeforeTheyAreNormalised) {
  // Positive scores: divided as logits, multiplied (and kept first) as log-probabilities.
  GenerationOptions options;
  options.end_token = 3;
  options.max_new_tokens = 2;
  options.repetition_penalty = 1.5;
  options.logits = true;
  const std::vector<float> scores = {3, 2.5f, 0, -9};
  const Hypothesis found = beam_search(always(scores), options).at(0);
  EXPECT_EQ(found.tokens, (Tokens{0, 1}));
  const double total = std::exp(3.0) + std::exp(2.5) + 1 + std::exp(-9.0);
  EXPECT_NEAR(found.log_probability, std::log(std::exp(5.5) / total / total), 1e-5);
  const Hypothesis drawn = sample(always(scores), options, {0.01, 0, 1, 3});
  EXPECT_EQ(drawn.tokens, (Tokens{0, 1}));
  EXPECT_NEAR(drawn.log_probability, found.log_probability, 1e-5);
}

TEST(LogitsProcessors, WhatIsOutOfRangeIsNamed) {
  for (const auto& [change, named] :
       std::vector<std::pair<std::function<void(GenerationOptions&)>, std::string>>{
           {[](auto& o) { o.repetition_penalty = 0; }, "above 0"},
           {[](auto& o) { o.repetition_penalty = std::nan(""); }, "above 0"},
           {[](auto& o) { o.no_repeat_ngram = -1; }, "no_repeat_ngram"},
           {[](auto& o) { o.min_new_tokens = -1; }, "min_new_tokens"},
           {[](auto& o) { o.min_new_tokens = o.max_new_tokens; }, "max_new_tokens"}}) {
    GenerationOptions options;
    change(options);
    try {
      beam_search(always({0, 0, 0, 0}), options);
      ADD_FAILURE() << named;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace beholder::generation
