// Weights of the evidence for answers, fit on questions about photos.
#pragma once

#include <cstddef>
#include <vector>

#include "scene/answer_scorer.hpp"

namespace beholder::train {

/// A question with what its photo says for each answer.
struct EvidenceExample {
  scene::AnswerForm form = scene::AnswerForm::kOther;
  std::vector<float> evidence;  ///< scene::kEvidences an answer, answer by answer
  std::vector<float> accuracy;  ///< VQA accuracy of each answer, 0..1
  std::vector<float> votes;     ///< how many people gave each answer; not fit on
  std::vector<bool> fits;       ///< whether each answer is of the kind that was asked for
  std::size_t fold = 0;         ///< examples of one photo are in one fold
};

/// The likeliest answer by some weights.
struct EvidenceGuess {
  std::size_t answer = 0;
  double probability = 0;  ///< 0: no answer fits
};
EvidenceGuess guess(const EvidenceExample& example, const scene::EvidenceWeights& weights);

/// Minimises the cross entropy between the softmax of the scores and people's answers (their
/// accuracies, scaled to 1), each form of question by itself, by full-batch Adam. The prior begins
/// with the weight 1, all else with 0, and is drawn back there by half of `l2` times the squared
/// distance, added to the sum of the losses. Weights of a kind of evidence that a form never has
/// stay 0.
/// @param left_out a fold that is not fit on; negative: none
scene::EvidenceWeights fit_evidence(const std::vector<EvidenceExample>& examples, int left_out,
                                    double l2);

}  // namespace beholder::train
