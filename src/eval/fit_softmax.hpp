// Softmax regression by full-batch Adam: the same result for the same rows.
#pragma once

#include <ATen/ATen.h>

namespace beholder::eval {

/// A linear classifier: probabilities are softmax(weight · x + bias).
struct SoftmaxFit {
  at::Tensor weight;  ///< (K, F)
  at::Tensor bias;    ///< (K)
};

/// Fits on standardised features, each class weighing the same in all, with half of `l2` times the
/// squared weights added to the mean log loss; what is returned takes features as they come.
/// @param features (n, F) float  @param classes (n) integers 0..K-1, each there once or more
SoftmaxFit fit_softmax(const at::Tensor& features, const at::Tensor& classes, std::int64_t count,
                       double l2);

}  // namespace beholder::eval
