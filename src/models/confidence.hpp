// From the probability of a written answer to a confidence that means what it says.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "beholder/types.hpp"

namespace beholder::models {

/// How the raw probability of an answer becomes a confidence, and when the engine abstains.
struct CalibrationConfig {
  double slope = 1;  ///< confidence = sigmoid(slope · logit(p) + offset)
  double offset = 0;
  double yes_no_slope = 1;  ///< the same for the answers "yes" and "no"
  double yes_no_offset = 0;
  double number_slope = 1;  ///< the same for numbers
  double number_offset = 0;
  double min_confidence = 0;         ///< below it the answer is "I don't know"
  double yes_no_min_confidence = 0;  ///< the same for "yes" and "no"
  double number_min_confidence = 0;  ///< the same for numbers
  double program_slope =
      1;  ///< the same for answers by program, of its own and its objects' certainty
  double program_offset = 0;
  double max_picture_distance = 0;   ///< Mahalanobis distance of unfamiliar pictures; 0: unknown
  double max_question_distance = 0;  ///< 1 - cosine to the nearest known question; 0: unknown
};

/// Whether an answer is "yes" or "no", which have a confidence of their own: of two answers the
/// likelier is right far more often than of hundreds.
bool is_yes_or_no(const std::string& answer);

/// What kind of answer it is: each has a confidence and a threshold of its own.
enum class AnswerKind { kOther, kYesNo, kNumber };

/// A number is written in digits or as a word up to ten, as the VQA evaluation knows them.
AnswerKind answer_kind(const std::string& answer);

/// Slope and offset of one kind of answer, and the confidence from which on it is given.
struct KindCalibration {
  double slope, offset, min_confidence;
};
KindCalibration calibration_of(AnswerKind kind, const CalibrationConfig& calibration);

/// An answer's probability calibrated with the slope and offset of its kind.
double calibrated(const ScoredAnswer& answer, const CalibrationConfig& calibration);

/// Cuts the list of answers to the `top_k` asked for, and gives the first one or withholds it.
void conclude(Answer& out, int top_k, bool withheld);

/// How unlike the known ones a vector is: 1 - the largest cosine with the rows of `centroids`,
/// 0 (the same) to 2.
/// @param vector (D)  @param mean (D) subtracted first, or undefined
/// @param centroids (K, D) of length 1
double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids);

}  // namespace beholder::models
