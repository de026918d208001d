// Logistic regression whose probabilities are calibrated: no class weighs more than it is common.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace beholder::eval {

/// P(true) = sigmoid(weights · x + offset).
struct LogisticFit {
  std::vector<double> weights;
  double offset = 0;
};

/// Fits on standardised features by Newton's method, with half of `l2` times the squared weights
/// added to the mean log loss; what is returned takes features as they come. One that is the same
/// in all rows gets the weight 0.
/// @param features (n, F)  @param truths (n), 0 to 1  @throws Error kShape for other shapes
LogisticFit fit_logistic_regression(const at::Tensor& features, const at::Tensor& truths,
                                    double l2);

}  // namespace beholder::eval
