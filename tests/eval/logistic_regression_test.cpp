#include "eval/logistic_regression.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "beholder/error.hpp"

namespace beholder::eval {
namespace {

/// Of the rows with x = 0 one in ten is true, with x = 1000 seven in ten; the second never moves.
std::pair<at::Tensor, at::Tensor> rows() {
  std::vector<double> features, truths;
  for (int i = 0; i < 200; ++i) {
    const bool high = i >= 100;
    features.insert(features.end(), {high ? 1000.0 : 0.0, 3.5});
    truths.push_back(i % 10 < (high ? 7 : 1) ? 1 : 0);
  }
  return {at::tensor(features, at::kDouble).view({-1, 2}), at::tensor(truths, at::kDouble)};
}

double probability(const LogisticFit& fit, double x) {
  return 1 / (1 + std::exp(-(fit.weights[0] * x + fit.weights[1] * 3.5 + fit.offset)));
}

TEST(LogisticRegression, GivesSharesAsTheyAre) {
  const auto [features, truths] = rows();
  const LogisticFit fit = fit_logistic_regression(features, truths, 1e-6);
  EXPECT_NEAR(probability(fit, 0), 0.1, 1e-3);
  EXPECT_NEAR(probability(fit, 1000), 0.7, 1e-3);
  EXPECT_EQ(fit.weights[1], 0);
  // The pull is towards the share of all.
  const LogisticFit pulled = fit_logistic_regression(features, truths, 100);
  EXPECT_NEAR(probability(pulled, 0), 0.4, 0.01);
  EXPECT_NEAR(probability(pulled, 1000), 0.4, 0.01);
}

TEST(LogisticRegression, StaysFiniteWhereRowsAreAlikeOrSeparable) {
  const at::Tensor x = at::arange(10, at::kDouble).view({-1, 1});
  for (const at::Tensor& truths :
       {at::ones({10}, at::kDouble), (at::arange(10, at::kDouble) > 4).to(at::kDouble)}) {
    const LogisticFit fit = fit_logistic_regression(x, truths, 1e-3);
    EXPECT_TRUE(std::isfinite(fit.weights[0]) && std::isfinite(fit.offset));
  }
}

TEST(LogisticRegression, RefusesOtherShapes) {
  EXPECT_THROW(fit_logistic_regression(at::zeros({3, 2}), at::zeros({2}), 1), Error);
  EXPECT_THROW(fit_logistic_regression(at::zeros({3}), at::zeros({3}), 1), Error);
  EXPECT_THROW(fit_logistic_regression(at::zeros({0, 2}), at::zeros({0}), 1), Error);
}

}  // namespace
}  // namespace beholder::eval
