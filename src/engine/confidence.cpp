#include "engine/confidence.hpp"

#include <algorithm>
#include <cmath>

#include "nn/finite.hpp"

namespace beholder::engine {

bool is_yes_or_no(const std::string& answer) { return answer == "yes" || answer == "no"; }

double calibrated(double p, double slope, double offset) {
  p = std::clamp(p, 1e-6, 1 - 1e-6);
  return 1 / (1 + std::exp(-(slope * std::log(p / (1 - p)) + offset)));
}

double calibrated(const ScoredAnswer& answer, const CalibrationConfig& calibration) {
  return is_yes_or_no(answer.answer)
             ? calibrated(answer.probability, calibration.yes_no_slope, calibration.yes_no_offset)
             : calibrated(answer.probability, calibration.slope, calibration.offset);
}

double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids) {
  const at::Tensor centred = mean.defined() ? vector - mean : vector;
  const double length = std::max(1e-12, centred.norm().item<double>());
  const at::Tensor products = at::mv(centroids, centred);
  nn::check_finite(products, "measure of what is familiar");
  return 1 - products.max().item<double>() / length;
}

}  // namespace beholder::engine
