#include "models/blip/blip_text.hpp"

#include "core/check.hpp"
#include "nn/attention_mask.hpp"
#include "nn/shape.hpp"
#include "text/text_encoder.hpp"

namespace beholder::models::blip {

using nn::kAny;
using nn::KeyValue;

namespace {

/// What layer number `layer` reads besides the text.
std::vector<nn::Attended> attended(const std::vector<KeyValue>& memory, std::size_t layer) {
  return {{memory.empty() ? nullptr : &memory[layer], {}}};
}

std::string bert_name(const std::string& name, BlipTextModel::Head head) {
  return head == BlipTextModel::Head::kLanguageModel ? name + ".bert" : name;
}

}  // namespace

BlipTextModel::BlipTextModel(nn::ParameterSource& source, const std::string& name,
                             const BlipTextConfig& config, Head head)
    : config_(config),
      words_(source, bert_name(name, head) + ".embeddings.word_embeddings", config.vocab_size,
             config.hidden_size,
             head == Head::kLanguageModel ? name + ".cls.predictions.bias" : ""),
      positions_(source, bert_name(name, head) + ".embeddings.position_embeddings",
                 config.max_position_embeddings, config.hidden_size),
      norm_(source, bert_name(name, head) + ".embeddings.LayerNorm", config.hidden_size,
            config.layer_norm_eps) {
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const std::string layer = bert_name(name, head) + ".encoder.layer." + std::to_string(i);
    const std::string cross = layer + ".crossattention";
    layers_.emplace_back(
        source, text::bert_layer_names(layer),
        std::vector{nn::CrossNames{text::bert_attention_names(cross), cross + ".output.LayerNorm",
                                   config.encoder_hidden_size}},
        nn::layer_config(config, nn::NormOrder::kPost));
  }
  if (head == Head::kLanguageModel) {
    const std::int64_t hidden = config.hidden_size;
    const std::string transform = name + ".cls.predictions.transform";
    prediction_.emplace(
        Prediction{nn::Linear(source, transform + ".dense", hidden, hidden),
                   nn::LayerNorm(source, transform + ".LayerNorm", hidden, config.layer_norm_eps)});
  }
}

std::vector<KeyValue> BlipTextModel::project(const at::Tensor& embeds) const {
  nn::check_shape(embeds, {kAny, kAny, config_.encoder_hidden_size}, "BlipTextModel's memory");
  std::vector<KeyValue> out;
  for (const nn::DecoderLayer& layer : layers_) out.push_back(layer.project(0, embeds));
  return out;
}

at::Tensor BlipTextModel::embed(const at::Tensor& input_ids, std::int64_t first) const {
  nn::check_shape(input_ids, {kAny, kAny}, "BlipTextModel's input_ids");
  return norm_.forward(words_.forward(input_ids) + positions_.forward(first, input_ids.size(1)));
}

at::Tensor BlipTextModel::forward(const at::Tensor& input_ids, const std::vector<KeyValue>& memory,
                                  bool causal) const {
  at::Tensor x = embed(input_ids, 0);
  const at::Tensor mask = causal ? nn::causal_mask(x.size(1), x.size(1), x) : at::Tensor();
  for (std::size_t i = 0; i < layers_.size(); ++i)
    x = layers_[i].forward(x, attended(memory, i), mask);
  return x;
}

at::Tensor BlipTextModel::step(const at::Tensor& input_ids, const std::vector<KeyValue>& memory,
                               nn::KeyValueCache& cache) const {
  at::Tensor x = embed(input_ids, cache.length());
  for (std::size_t i = 0; i < layers_.size(); ++i)
    x = layers_[i].step(x, attended(memory, i), cache, i);
  return x;
}

at::Tensor BlipTextModel::logits(const at::Tensor& hidden) const {
  check(prediction_.has_value(), ErrorCode::kInternal, "BlipTextModel: it has no output head");
  return words_.logits(
      prediction_->norm.forward(prediction_->dense.forward(hidden, nn::Activation::kGelu)));
}

}  // namespace beholder::models::blip
