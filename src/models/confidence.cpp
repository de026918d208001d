#include "models/confidence.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/logistic.hpp"
#include "nn/finite.hpp"

namespace beholder::models {

bool is_yes_or_no(const std::string& answer) { return answer == "yes" || answer == "no"; }

AnswerKind answer_kind(const std::string& answer) {
  static const std::set<std::string> words = {"none", "zero", "one",   "two",   "three", "four",
                                              "five", "six",  "seven", "eight", "nine",  "ten"};
  if (is_yes_or_no(answer)) return AnswerKind::kYesNo;
  const bool digits = !answer.empty() && std::all_of(answer.begin(), answer.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  return digits || words.count(answer) > 0 ? AnswerKind::kNumber : AnswerKind::kOther;
}

KindCalibration calibration_of(AnswerKind kind, const CalibrationConfig& c) {
  switch (kind) {
    case AnswerKind::kYesNo: return {c.yes_no_slope, c.yes_no_offset, c.yes_no_min_confidence};
    case AnswerKind::kNumber: return {c.number_slope, c.number_offset, c.number_min_confidence};
    case AnswerKind::kOther: break;
  }
  return {c.slope, c.offset, c.min_confidence};
}

double calibrated(const ScoredAnswer& answer, const CalibrationConfig& calibration) {
  const KindCalibration of = calibration_of(answer_kind(answer.answer), calibration);
  return beholder::calibrated(answer.probability, of.slope, of.offset);
}

void conclude(Answer& out, int top_k, bool withheld) {
  if (out.top_k.size() > static_cast<std::size_t>(top_k))
    out.top_k.resize(static_cast<std::size_t>(top_k));
  out.abstained = withheld;
  out.text = withheld ? kAbstention : out.top_k.front().answer;
}

double novelty(const at::Tensor& vector, const at::Tensor& mean, const at::Tensor& centroids) {
  const at::Tensor centred = mean.defined() ? vector - mean : vector;
  const double length = std::max(1e-12, centred.norm().item<double>());
  const at::Tensor products = at::mv(centroids, centred);
  nn::check_finite(products, "measure of what is familiar");
  return 1 - products.max().item<double>() / length;
}

}  // namespace beholder::models
