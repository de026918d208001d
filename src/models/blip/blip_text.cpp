#include "models/blip/blip_text.hpp"

#include <limits>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::models::blip {

using nn::kAny;
using nn::KeyValue;

namespace {

nn::AttentionNames attention_names(const std::string& name) {
  return {name + ".self.query", name + ".self.key", name + ".self.value", name + ".output.dense"};
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
      positions_(source.tensor(bert_name(name, head) + ".embeddings.position_embeddings.weight",
                               {config.max_position_embeddings, config.hidden_size},
                               nn::Init::kNormal02)),
      norm_(source, bert_name(name, head) + ".embeddings.LayerNorm", config.hidden_size,
            config.layer_norm_eps) {
  const std::int64_t hidden = config.hidden_size, heads = config.num_attention_heads;
  const double eps = config.layer_norm_eps;
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const std::string layer = bert_name(name, head) + ".encoder.layer." + std::to_string(i);
    layers_.push_back(
        {nn::MultiHeadAttention(source, attention_names(layer + ".attention"), hidden, heads,
                                hidden),
         nn::LayerNorm(source, layer + ".attention.output.LayerNorm", hidden, eps),
         nn::MultiHeadAttention(source, attention_names(layer + ".crossattention"), hidden, heads,
                                config.encoder_hidden_size),
         nn::LayerNorm(source, layer + ".crossattention.output.LayerNorm", hidden, eps),
         nn::Linear(source, layer + ".intermediate.dense", hidden, config.intermediate_size),
         nn::Linear(source, layer + ".output.dense", config.intermediate_size, hidden),
         nn::LayerNorm(source, layer + ".output.LayerNorm", hidden, eps)});
  }
  if (head == Head::kLanguageModel) {
    const std::string transform = name + ".cls.predictions.transform";
    prediction_.emplace(Prediction{nn::Linear(source, transform + ".dense", hidden, hidden),
                                   nn::LayerNorm(source, transform + ".LayerNorm", hidden, eps)});
  }
}

std::vector<KeyValue> BlipTextModel::project(const at::Tensor& embeds) const {
  nn::check_shape(embeds, {kAny, kAny, config_.encoder_hidden_size}, "BlipTextModel's memory");
  std::vector<KeyValue> out;
  for (const Layer& layer : layers_) out.push_back(layer.cross.project(embeds));
  return out;
}

at::Tensor BlipTextModel::forward(const at::Tensor& input_ids, const std::vector<KeyValue>& memory,
                                  bool causal) const {
  nn::check_shape(input_ids, {kAny, kAny}, "BlipTextModel's input_ids");
  const std::int64_t length = input_ids.size(1);
  check(length <= config_.max_position_embeddings, ErrorCode::kQuestionTooLong, "the text has ",
        length, " tokens and this model takes at most ", config_.max_position_embeddings);
  const at::Tensor x =
      norm_.forward(words_.forward(input_ids) + positions_.slice(0, 0, length).unsqueeze(0));
  at::Tensor mask;  // (L, L) -inf above the diagonal
  if (causal && length > 1)
    mask = at::full({length, length}, -std::numeric_limits<float>::infinity(), x.options()).triu(1);
  return run(x, memory, mask, nullptr);
}

at::Tensor BlipTextModel::step(const at::Tensor& input_ids, const std::vector<KeyValue>& memory,
                               nn::KeyValueCache& cache) const {
  nn::check_shape(input_ids, {kAny}, "BlipTextModel's last ids");
  check(cache.length() < config_.max_position_embeddings, ErrorCode::kShape, "BlipTextModel: all ",
        config_.max_position_embeddings, " positions are written");
  const at::Tensor x =
      norm_.forward(words_.forward(input_ids).unsqueeze(1) + positions_[cache.length()]);
  return run(x, memory, {}, &cache);  // (S, 1, D)
}

at::Tensor BlipTextModel::run(at::Tensor x, const std::vector<KeyValue>& memory,
                              const at::Tensor& mask, nn::KeyValueCache* cache) const {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    x = layer.self_norm.forward(cache != nullptr
                                    ? layer.self.step(x, *cache, i, x)
                                    : layer.self.forward(x, layer.self.project(x), mask, x));
    if (!memory.empty()) x = layer.cross_norm.forward(layer.cross.forward(x, memory[i], {}, x));
    const at::Tensor wide = layer.intermediate.forward(x, nn::Activation::kGelu);  // (S, L, 4D)
    x = layer.output_norm.forward(layer.output.forward(wide, nn::Activation::kNone, x));
  }
  if (cache != nullptr) cache->advance();
  return x;
}

at::Tensor BlipTextModel::logits(const at::Tensor& hidden) const {
  check(prediction_.has_value(), ErrorCode::kInternal, "BlipTextModel: it has no output head");
  return words_.logits(
      prediction_->norm.forward(prediction_->dense.forward(hidden, nn::Activation::kGelu)));
}

}  // namespace beholder::models::blip
