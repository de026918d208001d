#include "models/blip/blip_vision.hpp"

#include <gtest/gtest.h>

#include "support/gradients.hpp"

namespace beholder::models::blip {
namespace {

TEST(BlipVisionModel, GradientsFlowThroughFrozenLayers) {
  BlipVisionConfig config;
  config.image_size = 8;
  config.patch_size = 4;
  config.hidden_size = 8;
  config.num_attention_heads = 2;
  config.intermediate_size = 16;
  config.num_hidden_layers = 2;
  tests::expect_gradients_through_frozen(
      [&](nn::ParameterSource& source, const at::Tensor& pixels) {
        return BlipVisionModel(source, "v", config).forward(pixels);
      },
      at::randn({2, 3, 8, 8}));
}

}  // namespace
}  // namespace beholder::models::blip
