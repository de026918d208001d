// The vision transformer of BLIP (Li et al. 2022): plain patches, a class token, joint projections.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nn/encoder_layer.hpp"

namespace beholder::models::blip {

/// The `vision_config` of a published config.json; defaults as in Hugging Face's BlipVisionConfig.
struct BlipVisionConfig {
  std::int64_t image_size = 384;  ///< side of the square picture, px
  std::int64_t patch_size = 16;   ///< side of a patch, px
  std::int64_t hidden_size = 768;
  std::int64_t num_attention_heads = 12;
  std::int64_t intermediate_size = 3072;
  std::int64_t num_hidden_layers = 12;
  double layer_norm_eps = 1e-5;

  std::int64_t grid() const { return image_size / patch_size; }  ///< patches along a side
  std::int64_t tokens() const { return 1 + grid() * grid(); }    ///< with the class token
};

/// Parameters named as in Hugging Face's `BlipVisionModel` (modeling_blip.py).
class BlipVisionModel {
 public:
  BlipVisionModel(nn::ParameterSource& source, const std::string& name,
                  const BlipVisionConfig& config);

  /// @param pixel_values (B, 3, image_size, image_size), normalised
  /// @return image_embeds (B, N + 1, hidden_size), the class token first
  at::Tensor forward(const at::Tensor& pixel_values) const;

  const BlipVisionConfig& config() const { return config_; }

 private:
  BlipVisionConfig config_;
  nn::Linear patch_embedding_;
  at::Tensor class_embedding_;  // (1, 1, D)
  at::Tensor positions_;        // (1, N + 1, D)
  std::vector<nn::EncoderLayer> layers_;
  nn::LayerNorm post_norm_;
};

}  // namespace beholder::models::blip
