#include "train/evidence_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace beholder::train {
namespace {

using scene::kEvidences;
using Row = std::array<double, kEvidences>;

constexpr int kSteps = 150;
constexpr double kRate = 0.05, kFirst = 0.9, kSecond = 0.999;

/// Softmax over the answers that fit; all 0 when none does.
std::vector<double> probabilities(const EvidenceExample& example, const Row& weights) {
  const std::size_t count = example.accuracy.size();
  std::vector<double> out(count, -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < count; ++i) {
    if (!example.fits[i]) continue;
    out[i] = 0;
    for (std::size_t k = 0; k < kEvidences; ++k)
      out[i] += weights[k] * example.evidence[i * kEvidences + k];
  }
  const double best = *std::max_element(out.begin(), out.end());
  if (std::isinf(best)) return std::vector<double>(count, 0);
  double total = 0;
  for (double& one : out) total += one = std::exp(one - best);
  for (double& one : out) one /= total;
  return out;
}

/// Adds the gradient of one example's cross entropy.
void add_gradient(const EvidenceExample& example, const Row& weights, Row& gradient) {
  double all = 0;
  for (std::size_t i = 0; i < example.accuracy.size(); ++i)
    if (example.fits[i]) all += example.accuracy[i];
  if (all == 0) return;
  const std::vector<double> p = probabilities(example, weights);
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!example.fits[i]) continue;
    const double error = p[i] - example.accuracy[i] / all;
    for (std::size_t k = 0; k < kEvidences; ++k)
      gradient[k] += error * example.evidence[i * kEvidences + k];
  }
}

Row fit_form(const std::vector<const EvidenceExample*>& examples, double l2) {
  Row start{};
  start[static_cast<std::size_t>(scene::Evidence::kPrior)] = 1;
  Row weights = start, first{}, second{};
  for (int step = 1; step <= kSteps && !examples.empty(); ++step) {
    Row gradient{};
    for (const EvidenceExample* one : examples) add_gradient(*one, weights, gradient);
    const auto count = static_cast<double>(examples.size());
    for (std::size_t k = 0; k < kEvidences; ++k) {
      const double slope = (gradient[k] + l2 * (weights[k] - start[k])) / count;
      first[k] = kFirst * first[k] + (1 - kFirst) * slope;
      second[k] = kSecond * second[k] + (1 - kSecond) * slope * slope;
      const double mean = first[k] / (1 - std::pow(kFirst, step));
      const double size = std::sqrt(second[k] / (1 - std::pow(kSecond, step)));
      weights[k] -= kRate * mean / (size + 1e-8);
    }
  }
  return weights;
}

}  // namespace

EvidenceGuess guess(const EvidenceExample& example, const scene::EvidenceWeights& weights) {
  const std::vector<double> p =
      probabilities(example, weights[static_cast<std::size_t>(example.form)]);
  const auto best = std::max_element(p.begin(), p.end());
  return {static_cast<std::size_t>(best - p.begin()), *best};
}

scene::EvidenceWeights fit_evidence(const std::vector<EvidenceExample>& examples, int left_out,
                                    double l2) {
  scene::EvidenceWeights out{};
  for (std::size_t form = 0; form < scene::kAnswerForms; ++form) {
    std::vector<const EvidenceExample*> of_form;
    for (const EvidenceExample& one : examples)
      if (static_cast<std::size_t>(one.form) == form && static_cast<int>(one.fold) != left_out)
        of_form.push_back(&one);
    out[form] = fit_form(of_form, l2);
  }
  return out;
}

}  // namespace beholder::train
