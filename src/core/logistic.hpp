// Probabilities and log-odds.
#pragma once

#include <algorithm>
#include <cmath>

namespace beholder {

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

/// log(p / (1 - p)), with p kept `least` off 0 and 1.
inline double logit(double p, double least = 1e-6) {
  p = std::clamp(p, least, 1 - least);
  return std::log(p / (1 - p));
}

/// sigmoid(slope · logit(p) + offset) (Platt 1999).
inline double calibrated(double p, double slope, double offset) {
  return sigmoid(slope * logit(p) + offset);
}

}  // namespace beholder
