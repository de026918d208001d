#include "eval/fit_softmax.hpp"

#include <gtest/gtest.h>

namespace beholder::eval {
namespace {

/// Three clusters on a line of very different scales, the last with a tenth of the points.
std::pair<at::Tensor, at::Tensor> clusters() {
  std::vector<float> features;
  std::vector<std::int64_t> classes;
  for (int i = 0; i < 210; ++i) {
    const std::int64_t kind = i < 100 ? 0 : i < 200 ? 1 : 2;
    features.push_back(static_cast<float>(kind) * 100 + static_cast<float>(i % 10));
    features.push_back(1000 + 0.01f * static_cast<float>(i % 7));
    classes.push_back(kind);
  }
  return {at::tensor(features).view({-1, 2}), at::tensor(classes)};
}

TEST(FitSoftmax, TellsClassesApartWhateverTheirNumber) {
  const auto [features, classes] = clusters();
  const SoftmaxFit fit = fit_softmax(features, classes, 3, 1e-4);
  const at::Tensor said = (at::mm(features, fit.weight.t()) + fit.bias).argmax(1);
  EXPECT_EQ((said == classes).sum().item<std::int64_t>(), 210);
}

TEST(FitSoftmax, IsTheSameEachTimeAndShrinksWithThePull) {
  const auto [features, classes] = clusters();
  const SoftmaxFit one = fit_softmax(features, classes, 3, 1e-4);
  EXPECT_TRUE(at::equal(one.weight, fit_softmax(features, classes, 3, 1e-4).weight));
  EXPECT_LT(fit_softmax(features, classes, 3, 1).weight.abs().sum().item<float>(),
            one.weight.abs().sum().item<float>());
}

TEST(FitSoftmax, ConstantFeaturesDoNoHarm) {
  const auto [features, classes] = clusters();
  const at::Tensor with = at::cat({features, at::full({210, 1}, 3.5f)}, 1);
  const SoftmaxFit fit = fit_softmax(with, classes, 3, 1e-4);
  EXPECT_TRUE(fit.weight.isfinite().all().item<bool>());
}

}  // namespace
}  // namespace beholder::eval
