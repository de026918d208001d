#include "eval/fit_softmax.hpp"

#include <cmath>

namespace beholder::eval {

SoftmaxFit fit_softmax(const at::Tensor& features, const at::Tensor& classes, std::int64_t count,
                       double l2) {
  constexpr int kSteps = 400;
  constexpr double kRate = 0.02, kFirst = 0.9, kSecond = 0.99;
  const at::Tensor mean = features.mean(0);
  const at::Tensor scale = features.std(0, false).clamp_min(1e-4);
  const at::Tensor x = (features - mean) / scale;                                         // (n, F)
  const at::Tensor truth = at::one_hot(classes, count).to(at::kFloat);                    // (n, K)
  const at::Tensor of_class = truth.sum(0).clamp_min(1);                                  // (K)
  const at::Tensor weight_of = at::mv(truth, 1 / of_class) / static_cast<double>(count);  // (n)
  at::Tensor weight = at::zeros({count, features.size(1)}), bias = at::zeros({count});
  at::Tensor m = at::zeros_like(weight), v = at::zeros_like(weight);
  at::Tensor m0 = at::zeros_like(bias), v0 = at::zeros_like(bias);
  const auto step = [](at::Tensor& value, at::Tensor& first, at::Tensor& second,
                       const at::Tensor& gradient, double rate, int t) {
    first = kFirst * first + (1 - kFirst) * gradient;
    second = kSecond * second + (1 - kSecond) * gradient * gradient;
    const at::Tensor straight = first / (1 - std::pow(kFirst, t));
    value = value - rate * straight / ((second / (1 - std::pow(kSecond, t))).sqrt() + 1e-8);
  };
  for (int t = 1; t <= kSteps; ++t) {
    const at::Tensor p = at::softmax(at::mm(x, weight.t()) + bias, 1);
    const at::Tensor error = (p - truth) * weight_of.unsqueeze(1);  // (n, K)
    const double rate = kRate * 0.5 * (1 + std::cos(M_PI * t / kSteps));
    step(weight, m, v, at::mm(error.t(), x) + l2 * weight, rate, t);
    step(bias, m0, v0, error.sum(0), rate, t);
  }
  weight = weight / scale;
  return {weight, bias - at::mv(weight, mean)};
}

}  // namespace beholder::eval
