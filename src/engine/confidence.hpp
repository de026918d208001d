// From the probability of a written answer to a confidence that means what it says.
#pragma once

#include <ATen/ATen.h>

#include "engine/model_config.hpp"

namespace beholder::engine {

/// sigmoid(slope · logit(p) + offset) (Platt 1999), with p kept off 0 and 1.
double calibrated(double probability, const CalibrationConfig& calibration);

/// How unlike the known ones a vector is: 1 - the largest cosine with the rows of `centroids`,
/// 0 (the same) to 2.
/// @param vector (D)  @param mean (D) subtracted first, or undefined
/// @param centroids (K, D) of length 1
double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids);

}  // namespace beholder::engine
