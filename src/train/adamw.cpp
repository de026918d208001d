#include "train/adamw.hpp"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>

namespace beholder::train {

double clip_gradients(const std::map<std::string, at::Tensor>& values, double max_norm) {
  double squares = 0;
  for (const auto& [name, value] : values)
    if (value.grad().defined()) {
      const double norm = value.grad().norm().item<double>();
      squares += norm * norm;
    }
  const double norm = std::sqrt(squares);
  if (norm > max_norm)
    for (const auto& [name, value] : values)
      if (value.grad().defined()) value.grad().mul_(max_norm / norm);
  return norm;
}

void adamw_step(TrainState& state, const AdamWOptions& options) {
  c10::NoGradGuard no_grad;
  const auto t = static_cast<double>(state.step + 1);
  const double correction1 = 1 - std::pow(options.beta1, t);
  const double correction2 = 1 - std::pow(options.beta2, t);
  for (auto& [name, value] : state.values) {
    const at::Tensor gradient = value.grad();
    if (!gradient.defined()) continue;
    const bool decayed = value.dim() >= 2 && name.find("embed") == std::string::npos;
    if (decayed) value.mul_(1 - options.learning_rate * options.weight_decay);
    at::Tensor& moment1 = state.moment1.at(name);
    at::Tensor& moment2 = state.moment2.at(name);
    moment1.mul_(options.beta1).add_(gradient, 1 - options.beta1);
    moment2.mul_(options.beta2).addcmul_(gradient, gradient, 1 - options.beta2);
    value.addcdiv_(moment1, (moment2 / correction2).sqrt_().add_(options.eps),
                   -options.learning_rate / correction1);
  }
}

void update_average(TrainState& state, double decay) {
  c10::NoGradGuard no_grad;
  const auto t = static_cast<double>(state.step + 1);
  const double ramped = std::min(decay, (1 + t) / (10 + t));
  for (auto& [name, value] : state.values)
    state.average.at(name).mul_(ramped).add_(value, 1 - ramped);
}

}  // namespace beholder::train
