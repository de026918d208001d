#include "fusion/fusion_decoder.hpp"

#include <limits>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::fusion {

using nn::kAny;
using nn::KeyValue;

FusionDecoder::FusionDecoder(nn::ParameterSource& source, const std::string& name,
                             const FusionConfig& config)
    : config_(config),
      tokens_(source, name + ".embed_tokens", config.vocab_size, config.hidden_size,
              name + ".output_bias"),
      positions_(source.tensor(name + ".position_embeddings.weight",
                               {config.max_position_embeddings, config.hidden_size},
                               nn::Init::kNormal02)),
      tasks_(source.tensor(name + ".task_embeddings.weight", {kTaskCount, config.hidden_size},
                           nn::Init::kNormal02)),
      no_image_(source.tensor(name + ".no_image", {1, config.image_size}, nn::Init::kNormal02)),
      norm_(source, name + ".norm", config.hidden_size, config.layer_norm_eps) {
  const std::int64_t hidden = config.hidden_size, heads = config.num_attention_heads;
  const double eps = config.layer_norm_eps;
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const std::string layer = name + ".layers." + std::to_string(i);
    layers_.push_back(
        {nn::LayerNorm(source, layer + ".self_norm", hidden, eps),
         nn::MultiHeadAttention(source, layer + ".self_attention", hidden, heads, hidden),
         nn::LayerNorm(source, layer + ".question_norm", hidden, eps),
         nn::MultiHeadAttention(source, layer + ".question_attention", hidden, heads,
                                config.question_size),
         nn::LayerNorm(source, layer + ".image_norm", hidden, eps),
         nn::MultiHeadAttention(source, layer + ".image_attention", hidden, heads,
                                config.image_size),
         nn::LayerNorm(source, layer + ".mlp_norm", hidden, eps),
         nn::FeedForward(source, layer + ".mlp", hidden, config.intermediate_size)});
  }
}

std::vector<KeyValue> FusionDecoder::project_image(const at::Tensor& image_embeds) const {
  const at::Tensor embeds = image_embeds.defined() ? image_embeds : no_image_.unsqueeze(0);
  nn::check_shape(embeds, {kAny, kAny, config_.image_size}, "FusionDecoder's image_embeds");
  std::vector<KeyValue> memory;
  for (const Layer& layer : layers_) memory.push_back(layer.image_attention.project(embeds));
  return memory;
}

std::vector<KeyValue> FusionDecoder::project_question(const at::Tensor& question_embeds) const {
  nn::check_shape(question_embeds, {kAny, kAny, config_.question_size},
                  "FusionDecoder's question_embeds");
  std::vector<KeyValue> memory;
  for (const Layer& layer : layers_)
    memory.push_back(layer.question_attention.project(question_embeds));
  return memory;
}

at::Tensor FusionDecoder::forward(const at::Tensor& input_ids, Task task,
                                  const DecoderMemory& memory, double dropout,
                                  AttentionTrace* trace) const {
  nn::check_shape(input_ids, {kAny, kAny}, "FusionDecoder's input_ids");
  const std::int64_t rows = input_ids.size(0), length = input_ids.size(1) + 1;
  check(length <= config_.max_position_embeddings, ErrorCode::kShape, "FusionDecoder: ", length,
        " positions, at most ", config_.max_position_embeddings);
  const at::Tensor first =
      tasks_[static_cast<std::int64_t>(task)].expand({rows, 1, config_.hidden_size});
  at::Tensor x = at::cat({first, tokens_.forward(input_ids)}, 1) +
                 positions_.slice(0, 0, length).unsqueeze(0);  // (S, T + 1, D)
  return run(x, memory, nullptr, dropout, trace);
}

at::Tensor FusionDecoder::step(const at::Tensor& last_ids, std::int64_t rows, Task task,
                               const DecoderMemory& memory, nn::KeyValueCache& cache) const {
  check(cache.length() < config_.max_position_embeddings, ErrorCode::kShape, "FusionDecoder: all ",
        config_.max_position_embeddings, " positions are written");
  const at::Tensor token =
      last_ids.defined()
          ? tokens_.forward(last_ids).unsqueeze(1)
          : tasks_[static_cast<std::int64_t>(task)].expand({rows, 1, config_.hidden_size});
  return run(token + positions_[cache.length()], memory, &cache, 0, nullptr);  // (S, 1, D)
}

at::Tensor FusionDecoder::run(at::Tensor x, const DecoderMemory& memory, nn::KeyValueCache* cache,
                              double dropout, AttentionTrace* trace) const {
  const std::int64_t length = x.size(1);
  at::Tensor causal;  // (T, T) -inf above the diagonal; one new position sees all that is cached
  if (length > 1)
    causal =
        at::full({length, length}, -std::numeric_limits<float>::infinity(), x.options()).triu(1);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    const auto attend = [&](const nn::MultiHeadAttention& attention, const at::Tensor& normed,
                            const KeyValue& keys, const at::Tensor& mask) {
      x = nn::add_residual(
          [&](const at::Tensor& added) { return attention.forward(normed, keys, mask, added); }, x,
          dropout);
    };
    const at::Tensor own_normed = layer.self_norm.forward(x);
    if (cache != nullptr) {
      x = nn::add_residual(
          [&](const at::Tensor& added) {
            return layer.self_attention.step(own_normed, *cache, i, added);
          },
          x, dropout);
    } else {
      const KeyValue own = layer.self_attention.project(own_normed);
      if (trace != nullptr)
        trace->self.push_back(layer.self_attention.weights(own_normed, own, causal));
      attend(layer.self_attention, own_normed, own, causal);
    }
    if (!memory.question.empty())
      attend(layer.question_attention, layer.question_norm.forward(x), memory.question[i],
             memory.question_mask);
    const at::Tensor image_normed = layer.image_norm.forward(x);
    if (trace != nullptr)
      trace->image.push_back(layer.image_attention.weights(image_normed, memory.image[i], {}));
    attend(layer.image_attention, image_normed, memory.image[i], {});
    const at::Tensor normed = layer.mlp_norm.forward(x);
    x = nn::add_residual([&](const at::Tensor& added) { return layer.mlp.forward(normed, added); },
                         x, dropout);
  }
  if (cache != nullptr) cache->advance();
  return norm_.forward(x);
}

at::Tensor FusionDecoder::logits(const at::Tensor& hidden) const { return tokens_.logits(hidden); }

}  // namespace beholder::fusion
