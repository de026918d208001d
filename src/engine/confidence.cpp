#include "engine/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace beholder::engine {

double calibrated(double probability, const CalibrationConfig& calibration) {
  const double p = std::clamp(probability, 1e-6, 1 - 1e-6);
  const double logit = std::log(p / (1 - p));
  return 1 / (1 + std::exp(-(calibration.slope * logit + calibration.offset)));
}

double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids) {
  const at::Tensor centred = mean.defined() ? vector - mean : vector;
  const double length = std::max(1e-12, centred.norm().item<double>());
  return 1 - at::mv(centroids, centred).max().item<double>() / length;
}

}  // namespace beholder::engine
