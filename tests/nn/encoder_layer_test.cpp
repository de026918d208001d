#include "nn/encoder_layer.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <cmath>

namespace beholder::nn {
namespace {

// Central differences of the loss in single coordinates of every parameter of an encoder layer.
class EncoderLayerTest : public ::testing::TestWithParam<NormOrder> {};

TEST_P(EncoderLayerTest, GradientsEqualFiniteDifferences) {
  const NormOrder order = GetParam();
  TrainableParameters source({}, {}, 4);
  const EncoderLayer layer(source, encoder_names("l"), {8, 2, 12, 1e-5, order});
  const at::Tensor x = at::randn({2, 4, 8}), weight = at::randn({2, 4, 8});
  const auto loss = [&] { return (layer.forward(x) * weight).sum(); };
  loss().backward();
  for (const auto& [name, value] : source.all()) {
    ASSERT_TRUE(value.grad().defined()) << name;
    const c10::NoGradGuard no_grad;
    at::Tensor flat = value.detach().view({-1});
    for (const std::int64_t i : {std::int64_t{0}, flat.size(0) / 2, flat.size(0) - 1}) {
      constexpr double kStep = 1e-2;
      const float before = flat[i].item<float>();
      flat[i] = before + kStep;
      const double above = loss().item<double>();
      flat[i] = before - kStep;
      const double below = loss().item<double>();
      flat[i] = before;
      const double wanted = (above - below) / (2 * kStep);
      EXPECT_NEAR(value.grad().view({-1})[i].item<double>(), wanted, 2e-3 + 0.02 * std::abs(wanted))
          << name << " " << i;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Orders, EncoderLayerTest,
                         ::testing::Values(NormOrder::kPre, NormOrder::kPost));

TEST(EncoderLayer, PostNormLeavesNormalisedTokens) {
  TrainableParameters source({}, {}, 4);
  const EncoderLayer layer(source, encoder_names("l"), {8, 2, 12, 1e-5, NormOrder::kPost});
  const at::Tensor y = layer.forward(3 * at::randn({2, 4, 8}));
  EXPECT_LT(y.mean(-1).abs().max().item<float>(), 1e-5);
  EXPECT_TRUE(at::allclose(y.square().mean(-1), at::ones({2, 4}), 1e-3, 1e-3));
}

}  // namespace
}  // namespace beholder::nn
