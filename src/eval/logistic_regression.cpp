#include "eval/logistic_regression.hpp"

#include "core/check.hpp"

namespace beholder::eval {

LogisticFit fit_logistic_regression(const at::Tensor& features, const at::Tensor& truths,
                                    double l2) {
  check(features.dim() == 2 && truths.dim() == 1 && features.size(0) == truths.size(0) &&
            truths.size(0) > 0,
        ErrorCode::kShape, "logistic regression needs a truth for each row of features, and a row");
  constexpr int kSteps = 50;
  const at::Tensor all = features.to(at::kDouble), y = truths.to(at::kDouble);
  const at::Tensor mean = all.mean(0), spread = all.std(0, false);
  const at::Tensor moves = spread.gt(1e-9).to(at::kDouble);
  const at::Tensor scale = at::where(spread.gt(1e-9), spread, at::ones_like(spread));
  const std::int64_t rows = all.size(0), count = all.size(1);
  // The offset is the weight of a last feature that is 1, and is not penalised.
  const at::Tensor x = at::cat({(all - mean) / scale * moves, at::ones({rows, 1}, at::kDouble)}, 1);
  at::Tensor penalty = at::full({count + 1}, l2, at::kDouble);
  penalty[count] = 1e-9;  // finite also where all rows are alike
  at::Tensor w = at::zeros({count + 1}, at::kDouble);
  for (int step = 0; step < kSteps; ++step) {
    const at::Tensor p = at::sigmoid(at::mv(x, w));
    const at::Tensor gradient = at::mv(x.t(), p - y) / rows + penalty * w;
    const at::Tensor curvature =
        at::mm(x.t() * (p * (1 - p)).unsqueeze(0), x) / rows + at::diag(penalty + 1e-9);
    const at::Tensor move = at::linalg_solve(curvature, gradient);
    const double length = move.norm().item<double>();
    w = w - move * std::min(1.0, 2.0 / std::max(1e-12, length));  // damped where it leaps
    if (length < 1e-9) break;
  }
  const at::Tensor weights = (w.narrow(0, 0, count) * moves / scale).contiguous();
  LogisticFit out;
  out.weights.assign(weights.data_ptr<double>(), weights.data_ptr<double>() + count);
  out.offset = (w[count] - at::dot(weights, mean)).item<double>();
  return out;
}

}  // namespace beholder::eval
