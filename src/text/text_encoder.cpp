#include "text/text_encoder.hpp"

#include <limits>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::text {

using nn::kAny;

at::Tensor additive_mask(const at::Tensor& attention_mask) {
  if (!attention_mask.defined()) return {};
  return at::zeros(attention_mask.sizes(), attention_mask.options().dtype(at::kFloat))
      .masked_fill(attention_mask.eq(0), -std::numeric_limits<float>::infinity())
      .unsqueeze(1)
      .unsqueeze(1);  // (B, L) -> (B, 1, 1, L)
}

TextEncoder::TextEncoder(nn::ParameterSource& source, const std::string& name,
                         const TextConfig& config)
    : config_(config),
      words_(source, name + ".embeddings.word_embeddings", config.vocab_size, config.hidden_size),
      positions_(source.tensor(name + ".embeddings.position_embeddings.weight",
                               {config.max_position_embeddings, config.hidden_size},
                               nn::Init::kNormal02)),
      types_(source.tensor(name + ".embeddings.token_type_embeddings.weight",
                           {config.type_vocab_size, config.hidden_size}, nn::Init::kNormal02)),
      norm_(source, name + ".embeddings.LayerNorm", config.hidden_size, config.layer_norm_eps) {
  const std::int64_t hidden = config.hidden_size;
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const std::string layer = name + ".encoder.layer." + std::to_string(i);
    const std::string self = layer + ".attention.self";
    layers_.push_back(
        {nn::MultiHeadAttention(source,
                                nn::AttentionNames{self + ".query", self + ".key", self + ".value",
                                                   layer + ".attention.output.dense"},
                                hidden, config.num_attention_heads, hidden),
         nn::LayerNorm(source, layer + ".attention.output.LayerNorm", hidden,
                       config.layer_norm_eps),
         nn::Linear(source, layer + ".intermediate.dense", hidden, config.intermediate_size),
         nn::Linear(source, layer + ".output.dense", config.intermediate_size, hidden),
         nn::LayerNorm(source, layer + ".output.LayerNorm", hidden, config.layer_norm_eps)});
  }
}

at::Tensor TextEncoder::forward(const at::Tensor& input_ids,
                                const at::Tensor& attention_mask) const {
  nn::check_shape(input_ids, {kAny, kAny}, "TextEncoder");
  const std::int64_t length = input_ids.size(1);
  if (attention_mask.defined())
    nn::check_shape(attention_mask, {input_ids.size(0), length}, "TextEncoder's attention_mask");
  check(length <= config_.max_position_embeddings, ErrorCode::kQuestionTooLong, "the question has ",
        length, " tokens and the text encoder takes at most ", config_.max_position_embeddings,
        "; ask a shorter question");
  const at::Tensor mask = additive_mask(attention_mask);
  // (B, L) -> (B, L, D); every token is of type 0, the single-sentence type.
  at::Tensor x = norm_.forward(words_.forward(input_ids) + types_[0] +
                               positions_.slice(0, 0, length).unsqueeze(0));
  for (const Layer& layer : layers_) {
    x = layer.attention_norm.forward(
        layer.attention.forward(x, layer.attention.project(x), mask, x));
    const at::Tensor wide = layer.intermediate.forward(x, nn::Activation::kGelu);  // (B, L, 4D)
    x = layer.output_norm.forward(layer.output.forward(wide, nn::Activation::kNone, x));
  }
  return x;
}

}  // namespace beholder::text
