#include "generation/transformers_beam_search.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "beholder/error.hpp"

namespace beholder::generation {
namespace {

/// A chain over four tokens, 3 being the end: what follows depends on the last token alone.
class Chain {
 public:
  explicit Chain(std::map<std::int64_t, std::vector<float>> next) : next_(std::move(next)) {}

  StepFunction step() {
    return [this](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
      EXPECT_EQ(rows.size(), tokens.size());
      ++calls_;
      std::vector<float> out;
      for (const std::int64_t token : tokens.empty() ? std::vector<std::int64_t>{-1} : tokens)
        for (const float p : next_.at(token)) out.push_back(std::log(p));
      return out;
    };
  }
  int calls() const { return calls_; }

 private:
  std::map<std::int64_t, std::vector<float>> next_;
  int calls_ = 0;
};

GenerationOptions options(std::int64_t beams, std::int64_t tokens) {
  GenerationOptions out;
  out.num_beams = out.num_return = beams;
  out.max_new_tokens = tokens;
  out.end_token = 3;
  return out;
}

TEST(ReferenceSearch, OfManyBeamsFindsWhatGreedyMisses) {
  Chain chain({{-1, {0.5f, 0.4f, 0.05f, 0.05f}},
               {0, {0.3f, 0.3f, 0.3f, 0.1f}},
               {1, {0.02f, 0.02f, 0.06f, 0.9f}},
               {2, {0.1f, 0.1f, 0.1f, 0.7f}}});
  EXPECT_EQ(transformers_beam_search(chain.step(), options(1, 1))[0].tokens,
            std::vector<std::int64_t>{0});
  const auto found = transformers_beam_search(chain.step(), options(2, 5));
  EXPECT_EQ(found[0].tokens, std::vector<std::int64_t>{1});
  EXPECT_TRUE(found[0].finished);
  EXPECT_NEAR(found[0].log_probability, std::log(0.4 * 0.9), 1e-6);
  EXPECT_NEAR(found[0].score, found[0].log_probability / 2, 1e-6);
}

TEST(ReferenceSearch, AnEndBeyondTheFirstBeamsDoesNotCount) {
  // The end is the third likeliest: with two beams it is no result, with three it is.
  Chain chain({{-1, {0.5f, 0.3f, 0.01f, 0.19f}}});
  const auto empty = [](const std::vector<Hypothesis>& found) {
    return std::any_of(found.begin(), found.end(),
                       [](const Hypothesis& h) { return h.tokens.empty(); });
  };
  EXPECT_FALSE(empty(transformers_beam_search(chain.step(), options(2, 1))));
  EXPECT_TRUE(empty(transformers_beam_search(chain.step(), options(3, 1))));
}

TEST(ReferenceSearch, StopsWhenNothingAliveCanComeIn) {
  Chain chain({{-1, {0.5f, 0.45f, 0.025f, 0.025f}},
               {0, {0.005f, 0.005f, 0.01f, 0.98f}},
               {1, {0.005f, 0.005f, 0.01f, 0.98f}},
               {2, {0.3f, 0.3f, 0.3f, 0.1f}}});
  EXPECT_EQ(transformers_beam_search(chain.step(), options(2, 50)).size(), 2u);
  EXPECT_EQ(chain.calls(), 2);
}

TEST(ReferenceSearch, WhatRunsToTheLimitIsAResult) {
  Chain chain({{-1, {0.9f, 0.05f, 0.04f, 0.01f}},
               {0, {0.9f, 0.05f, 0.04f, 0.01f}},
               {1, {0.9f, 0.05f, 0.04f, 0.01f}},
               {2, {0.9f, 0.05f, 0.04f, 0.01f}}});
  const auto found = transformers_beam_search(chain.step(), options(2, 3));
  EXPECT_EQ(found[0].tokens, (std::vector<std::int64_t>{0, 0, 0}));
  EXPECT_FALSE(found[0].finished);
  EXPECT_THROW(transformers_beam_search(chain.step(), options(2, 0)), Error);
}

}  // namespace
}  // namespace beholder::generation
