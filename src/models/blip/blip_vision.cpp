#include "models/blip/blip_vision.hpp"

#include "core/check.hpp"
#include "nn/shape.hpp"
#include "vision/patches.hpp"

namespace beholder::models::blip {

namespace {

const BlipVisionConfig& checked(const BlipVisionConfig& config, const std::string& name) {
  check(config.patch_size > 0 && config.image_size % config.patch_size == 0,
        ErrorCode::kModelFormat, name, ": image_size ", config.image_size,
        " is not a multiple of patch_size ", config.patch_size);
  return config;
}

/// A convolution whose windows do not overlap is a product with the patches' pixels.
nn::Linear patch_embedding(nn::ParameterSource& source, const std::string& name,
                           const BlipVisionConfig& config) {
  const std::int64_t hidden = config.hidden_size, patch = config.patch_size;
  const std::int64_t pixels = 3 * patch * patch;
  const at::Tensor kernel =
      source.tensor(name + ".weight", {hidden, 3, patch, patch}, nn::Init::kNormal02);
  const at::Tensor bias = source.tensor(name + ".bias", {hidden}, nn::Init::kZeros);
  if (source.packed(name) == nullptr) return {kernel.view({hidden, pixels}), bias};
  return nn::Linear(std::make_shared<nn::kernels::PackedLinear>(
      kernel.data_ptr<float>(), bias.data_ptr<float>(), pixels, hidden));
}

nn::LayerNames layer_names(const std::string& layer) {
  return {{layer + ".self_attn.qkv", "", "", layer + ".self_attn.projection"},
          layer + ".layer_norm1",
          layer + ".mlp.fc1",
          layer + ".mlp.fc2",
          layer + ".layer_norm2"};
}

}  // namespace

BlipVisionModel::BlipVisionModel(nn::ParameterSource& source, const std::string& name,
                                 const BlipVisionConfig& config)
    : config_(checked(config, name)),
      patch_embedding_(patch_embedding(source, name + ".embeddings.patch_embedding", config)),
      class_embedding_(source.tensor(name + ".embeddings.class_embedding",
                                     {1, 1, config.hidden_size}, nn::Init::kNormal02)),
      positions_(source.tensor(name + ".embeddings.position_embedding",
                               {1, config.tokens(), config.hidden_size}, nn::Init::kNormal02)),
      post_norm_(source, name + ".post_layernorm", config.hidden_size, config.layer_norm_eps) {
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i)
    layers_.emplace_back(source, layer_names(name + ".encoder.layers." + std::to_string(i)),
                         nn::layer_config(config, nn::NormOrder::kPre));
}

at::Tensor BlipVisionModel::forward(const at::Tensor& pixel_values) const {
  const std::int64_t side = config_.image_size;
  nn::check_shape(pixel_values, {nn::kAny, 3, side, side}, "BlipVisionModel");
  const at::Tensor seen =
      patch_embedding_.forward(vision::patches_of(pixel_values, config_.patch_size),
                               nn::Activation::kNone, positions_.slice(1, 1));
  const at::Tensor first = class_embedding_ + positions_.slice(1, 0, 1);    // (1, 1, D)
  at::Tensor x = at::cat({first.expand({seen.size(0), -1, -1}), seen}, 1);  // (B, N + 1, D)
  for (const nn::EncoderLayer& layer : layers_) x = layer.forward(x);
  return post_norm_.forward(x);
}

}  // namespace beholder::models::blip
