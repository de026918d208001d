#include "vision/efficientnet_stem.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "nn/linear.hpp"

namespace beholder::vision {
namespace {

using Json = nlohmann::json;

const std::string kRoot = BEHOLDER_SOURCE_DIR;

/// The golden picture: a formula, so that both sides have the same values.
at::Tensor picture() {
  at::Tensor pixels = at::empty({1, 3, 260, 260});
  float* value = pixels.data_ptr<float>();
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 260; ++y)
      for (int x = 0; x < 260; ++x)
        *value++ = static_cast<float>(std::sin(0.05 * (c + 1) * x + 0.03 * y) *
                                      std::cos(0.011 * (c + 2) * y));
  return pixels;
}

class StemGolden : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(kRoot + "/tests/golden/networks/stem.json");
    golden_ = Json::parse(in);
  }

  /// Two-sided: near the reference everywhere, and not equal to it by accident of a copy.
  void expect_near(const at::Tensor& map, const Json& wanted, double tolerance) const {
    ASSERT_EQ(map.sizes().vec(), wanted.at("shape").get<std::vector<std::int64_t>>());
    // Over all channels together: some are all but dead and have no scale of their own.
    double error = 0, size = 0;
    for (const auto& [channel, values] : wanted.at("channels").items()) {
      const at::Tensor reference = at::tensor(values.get<std::vector<float>>());
      const at::Tensor got = map[0][std::stoll(channel)].contiguous().view({-1});
      error += (got - reference).pow(2).sum().item<double>();
      size += reference.pow(2).sum().item<double>();
    }
    EXPECT_LT(std::sqrt(error), tolerance * std::sqrt(size));
  }
  Json golden_;
  nn::StoredParameters stored_{
      io::SafetensorsFile::open(kRoot + "/models/beholder/model.safetensors")};
};

// Both with weights of fp16; what is left is the order of sums over 60 convolutions.
TEST_F(StemGolden, EqualsTheReference) {
  const c10::NoGradGuard no_grad;
  const EfficientNetStem stem(stored_, "vision_encoder.stem");
  const nn::Linear head(stored_, "imagenet_head", EfficientNetStem::kStride32Channels, 1000);
  const StemFeatures features = stem.forward(picture());
  expect_near(features.stride16, golden_.at("stride16"), 2e-3);
  expect_near(features.stride32, golden_.at("stride32"), 5e-3);
  EXPECT_NEAR(features.stride16.mean().item<double>(),
              golden_.at("stride16").at("mean").get<double>(), 5e-3);
  const at::Tensor logits = head.forward(features.stride32.mean({2, 3}));
  const auto wanted = golden_.at("logits").get<std::vector<float>>();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(logits[0][static_cast<std::int64_t>(25 * i)].item<float>(), wanted[i], 0.05) << i;
}

// A wrong padding, activation or order of channels must not pass the tolerance above.
TEST_F(StemGolden, TellsAShiftedPictureApart) {
  const c10::NoGradGuard no_grad;
  const EfficientNetStem stem(stored_, "vision_encoder.stem");
  const StemFeatures features = stem.forward(picture().roll({1}, {3}));
  const auto values =
      golden_.at("stride16").at("channels").begin().value().get<std::vector<float>>();
  const at::Tensor reference = at::tensor(values);
  const double error =
      (features.stride16[0][0].contiguous().view({-1}) - reference).norm().item<double>();
  EXPECT_GT(error, 0.05 * reference.norm().item<double>());
}

}  // namespace
}  // namespace beholder::vision
