#include "text/text_encoder.hpp"

#include "core/check.hpp"
#include "nn/attention_mask.hpp"

namespace beholder::text {

nn::AttentionNames bert_attention_names(const std::string& module) {
  return {module + ".self.query", module + ".self.key", module + ".self.value",
          module + ".output.dense"};
}

nn::LayerNames bert_layer_names(const std::string& layer) {
  return {bert_attention_names(layer + ".attention"), layer + ".attention.output.LayerNorm",
          layer + ".intermediate.dense", layer + ".output.dense", layer + ".output.LayerNorm"};
}

TextEncoder::TextEncoder(nn::ParameterSource& source, const std::string& name,
                         const TextConfig& config)
    : config_(config),
      words_(source, name + ".embeddings.word_embeddings", config.vocab_size, config.hidden_size),
      positions_(source, name + ".embeddings.position_embeddings", config.max_position_embeddings,
                 config.hidden_size),
      types_(source.tensor(name + ".embeddings.token_type_embeddings.weight",
                           {config.type_vocab_size, config.hidden_size}, nn::Init::kNormal02)),
      norm_(source, name + ".embeddings.LayerNorm", config.hidden_size, config.layer_norm_eps) {
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i)
    layers_.emplace_back(source, bert_layer_names(name + ".encoder.layer." + std::to_string(i)),
                         nn::layer_config(config, nn::NormOrder::kPost));
}

at::Tensor TextEncoder::encode(const at::Tensor& words, const at::Tensor& attention_mask) const {
  nn::check_shape(words, {nn::kAny, nn::kAny, config_.hidden_size}, "TextEncoder's words");
  const std::int64_t length = words.size(1);
  if (attention_mask.defined())
    nn::check_shape(attention_mask, {words.size(0), length}, "TextEncoder's attention_mask");
  check(length <= config_.max_position_embeddings, ErrorCode::kQuestionTooLong, "the question has ",
        length, " tokens and the text encoder takes at most ", config_.max_position_embeddings,
        "; ask a shorter question");
  const at::Tensor mask = nn::padding_mask(attention_mask);
  // Every token is of type 0, the single-sentence type.
  at::Tensor x = norm_.forward(words + types_[0] + positions_.forward(0, length));  // (B, L, D)
  for (const nn::EncoderLayer& layer : layers_) x = layer.forward(x, 0, mask);
  return x;
}

}  // namespace beholder::text
