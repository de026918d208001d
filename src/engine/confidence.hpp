// From the probability of a written answer to a confidence that means what it says.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "beholder/types.hpp"
#include "engine/model_config.hpp"

namespace beholder::engine {

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

/// sigmoid(slope · logit(p) + offset) (Platt 1999), with p kept off 0 and 1.
double calibrated(double p, double slope, double offset);

/// The same with the slope and offset of the answer's kind.
double calibrated(const ScoredAnswer& answer, const CalibrationConfig& calibration);

/// How unlike the known ones a vector is: 1 - the largest cosine with the rows of `centroids`,
/// 0 (the same) to 2.
/// @param vector (D)  @param mean (D) subtracted first, or undefined
/// @param centroids (K, D) of length 1
double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids);

}  // namespace beholder::engine
