#include "engine/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace beholder::engine {

bool is_yes_or_no(const std::string& answer) { return answer == "yes" || answer == "no"; }

double calibrated(const ScoredAnswer& answer, const CalibrationConfig& calibration) {
  const double p = std::clamp(answer.probability, 1e-6, 1 - 1e-6);
  const double logit = std::log(p / (1 - p));
  const bool yes_no = is_yes_or_no(answer.answer);
  const double slope = yes_no ? calibration.yes_no_slope : calibration.slope;
  const double offset = yes_no ? calibration.yes_no_offset : calibration.offset;
  return 1 / (1 + std::exp(-(slope * logit + offset)));
}

double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids) {
  const at::Tensor centred = mean.defined() ? vector - mean : vector;
  const double length = std::max(1e-12, centred.norm().item<double>());
  return 1 - at::mv(centroids, centred).max().item<double>() / length;
}

}  // namespace beholder::engine
