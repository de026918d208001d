#include "train/evidence_fit.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace beholder::train {
namespace {

using scene::AnswerForm;
using scene::Evidence;
using scene::kEvidences;

constexpr auto kPrior = static_cast<std::size_t>(Evidence::kPrior);
constexpr auto kWord = static_cast<std::size_t>(Evidence::kWord);
constexpr auto kSeen = static_cast<std::size_t>(Evidence::kSeen);

/// Three answers; the right one is what `kWord` is high for, `kSeen` is noise.
EvidenceExample example(Random& random, AnswerForm form, std::size_t fold) {
  EvidenceExample out;
  out.form = form;
  out.fold = fold;
  out.evidence.assign(3 * kEvidences, 0);
  out.accuracy = {0, 0, 0};
  out.fits = {true, true, true};
  const std::size_t right = random.below(3);
  out.accuracy[right] = 1;
  for (std::size_t i = 0; i < 3; ++i) {
    out.evidence[i * kEvidences + kPrior] = -1.1F;
    out.evidence[i * kEvidences + kWord] = i == right ? 1.0F : 0.0F;
    out.evidence[i * kEvidences + kSeen] = static_cast<float>(random.between(-1, 1));
  }
  return out;
}

TEST(EvidenceFit, WeighsWhatTellsAnswersApart) {
  Random random(3);
  std::vector<EvidenceExample> examples;
  for (std::size_t i = 0; i < 200; ++i)
    examples.push_back(example(random, AnswerForm::kOther, i % 2));
  const scene::EvidenceWeights weights = fit_evidence(examples, -1, 1);
  const auto& others = weights[static_cast<std::size_t>(AnswerForm::kOther)];
  EXPECT_GT(others[kWord], 2);
  EXPECT_LT(std::abs(others[kSeen]), 0.5);
  EXPECT_EQ(others[static_cast<std::size_t>(Evidence::kNamed)], 0);
  // A form without examples keeps the prior alone.
  const auto& colors = weights[static_cast<std::size_t>(AnswerForm::kColor)];
  EXPECT_EQ(colors[kPrior], 1);
  EXPECT_EQ(colors[kWord], 0);
  for (const EvidenceExample& one : examples)
    EXPECT_EQ(one.accuracy[guess(one, weights).answer], 1);
  EXPECT_GT(guess(examples.front(), weights).probability, 0.7);
}

TEST(EvidenceFit, LeavesAFoldOutAndHeedsWhatFits) {
  Random random(4);
  std::vector<EvidenceExample> examples = {example(random, AnswerForm::kOther, 1)};
  const auto weights = fit_evidence(examples, 1, 1);
  EXPECT_EQ(weights[static_cast<std::size_t>(AnswerForm::kOther)][kWord], 0);
  examples[0].fits = {false, true, false};
  EXPECT_EQ(guess(examples[0], weights).answer, 1U);
  EXPECT_DOUBLE_EQ(guess(examples[0], weights).probability, 1);
  examples[0].fits = {false, false, false};
  EXPECT_EQ(guess(examples[0], weights).probability, 0);
}

}  // namespace
}  // namespace beholder::train
