#include "models/blip/blip_vision.hpp"

#include "core/check.hpp"
#include "nn/kernels/attention.hpp"
#include "nn/shape.hpp"

namespace beholder::models::blip {

using nn::kAny;

BlipVisionModel::BlipVisionModel(nn::ParameterSource& source, const std::string& name,
                                 const BlipVisionConfig& config)
    : config_(config),
      post_norm_(source, name + ".post_layernorm", config.hidden_size, config.layer_norm_eps) {
  const std::int64_t hidden = config.hidden_size, patch = config.patch_size;
  check(patch > 0 && config.image_size % patch == 0, ErrorCode::kModelFormat, name, ": image_size ",
        config.image_size, " is not a multiple of patch_size ", patch);
  check(hidden % config.num_attention_heads == 0, ErrorCode::kModelFormat, name, ": hidden_size ",
        hidden, " is not a multiple of ", config.num_attention_heads, " heads");
  // A convolution whose windows do not overlap is a product with the patches' pixels.
  const std::string embedding = name + ".embeddings.patch_embedding";
  const at::Tensor kernel =
      source.tensor(embedding + ".weight", {hidden, 3, patch, patch}, nn::Init::kNormal02);
  const at::Tensor bias = source.tensor(embedding + ".bias", {hidden}, nn::Init::kZeros);
  patch_embedding_ = std::make_shared<const nn::kernels::PackedLinear>(
      kernel.data_ptr<float>(), bias.data_ptr<float>(), 3 * patch * patch, hidden);
  const at::Tensor positions = source.tensor(name + ".embeddings.position_embedding",
                                             {1, config.tokens(), hidden}, nn::Init::kNormal02);
  class_position_ =
      source.tensor(name + ".embeddings.class_embedding", {1, 1, hidden}, nn::Init::kNormal02) +
      positions.slice(1, 0, 1);
  patch_positions_ = positions.slice(1, 1).contiguous();
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const std::string layer = name + ".encoder.layers." + std::to_string(i);
    layers_.push_back({nn::LayerNorm(source, layer + ".layer_norm1", hidden, config.layer_norm_eps),
                       nn::Linear(source, layer + ".self_attn.qkv", hidden, 3 * hidden),
                       nn::Linear(source, layer + ".self_attn.projection", hidden, hidden),
                       nn::LayerNorm(source, layer + ".layer_norm2", hidden, config.layer_norm_eps),
                       nn::FeedForward(source, layer + ".mlp", hidden, config.intermediate_size)});
  }
}

at::Tensor BlipVisionModel::patches(const at::Tensor& pixel_values) const {
  const std::int64_t batch = pixel_values.size(0), grid = config_.grid(),
                     patch = config_.patch_size;
  return pixel_values.reshape({batch, 3, grid, patch, grid, patch})
      .permute({0, 2, 4, 1, 3, 5})  // (B, grid, grid, 3, patch, patch)
      .reshape({batch, grid * grid, 3 * patch * patch});
}

at::Tensor BlipVisionModel::attend(const at::Tensor& qkv) const {
  const std::int64_t batch = qkv.size(0), tokens = qkv.size(1), hidden = config_.hidden_size;
  const std::int64_t heads = config_.num_attention_heads;
  at::Tensor out = at::empty({batch, tokens, hidden});
  const float* const data = qkv.data_ptr<float>();
  nn::kernels::AttentionOptions options;
  options.token_stride = 3 * hidden;  // each token holds its query, key and value, heads in order
  nn::kernels::attention(data, data + hidden, data + 2 * hidden, batch, heads, tokens, tokens,
                         hidden / heads, out.data_ptr<float>(), options);
  return out;
}

at::Tensor BlipVisionModel::forward(const at::Tensor& pixel_values) const {
  const std::int64_t side = config_.image_size, hidden = config_.hidden_size;
  nn::check_shape(pixel_values, {kAny, 3, side, side}, "BlipVisionModel");
  const std::int64_t batch = pixel_values.size(0);
  const at::Tensor cells = patches(pixel_values).contiguous();
  // A copy even of one picture: the products are added in place.
  const at::Tensor embedded = patch_positions_.repeat({batch, 1, 1});  // (B, N, D)
  patch_embedding_->forward(cells.data_ptr<float>(), batch * cells.size(1),
                            embedded.data_ptr<float>(), nn::Activation::kNone,
                            embedded.data_ptr<float>());
  const at::Tensor x =
      at::cat({class_position_.expand({batch, 1, hidden}), embedded}, 1);  // (B, N+1, D)
  for (const Layer& layer : layers_) {
    const at::Tensor attended = attend(layer.qkv.forward(layer.norm1.forward(x)));
    layer.projection.add_to(attended, x);
    layer.mlp.add_to(layer.norm2.forward(x), x);
  }
  return post_norm_.forward(x);
}

}  // namespace beholder::models::blip
