#include "fusion/fusion_decoder.hpp"

#include "nn/attention_mask.hpp"
#include "nn/shape.hpp"

namespace beholder::fusion {

using nn::kAny;
using nn::KeyValue;

namespace {

// The cross-attentions of a layer, in their order.
constexpr std::size_t kQuestion = 0, kImage = 1;

nn::LayerNames layer_names(const std::string& layer) {
  return {nn::AttentionNames(layer + ".self_attention"), layer + ".self_norm", layer + ".mlp.fc1",
          layer + ".mlp.fc2", layer + ".mlp_norm"};
}

/// What layer number `layer` reads: nothing of a question where none was asked.
std::vector<nn::Attended> attended(const DecoderMemory& memory, std::size_t layer) {
  std::vector<nn::Attended> out(2);
  if (!memory.question.empty()) out[kQuestion] = {&memory.question[layer], memory.question_mask};
  out[kImage].memory = &memory.image[layer];
  return out;
}

}  // namespace

FusionDecoder::FusionDecoder(nn::ParameterSource& source, const std::string& name,
                             const FusionConfig& config)
    : config_(config),
      tokens_(source, name + ".embed_tokens", config.vocab_size, config.hidden_size,
              name + ".output_bias"),
      positions_(source, name + ".position_embeddings", config.max_position_embeddings,
                 config.hidden_size),
      tasks_(source.tensor(name + ".task_embeddings.weight", {kTaskCount, config.hidden_size},
                           nn::Init::kNormal02)),
      no_image_(source.tensor(name + ".no_image", {1, config.image_size}, nn::Init::kNormal02)),
      norm_(source, name + ".norm", config.hidden_size, config.layer_norm_eps) {
  for (std::int64_t i = 0; i < config.num_hidden_layers; ++i) {
    const std::string layer = name + ".layers." + std::to_string(i);
    const auto cross = [&](const std::string& part, std::int64_t key_size) {
      return nn::CrossNames{nn::AttentionNames(layer + "." + part + "_attention"),
                            layer + "." + part + "_norm", key_size};
    };
    layers_.emplace_back(
        source, layer_names(layer),
        std::vector{cross("question", config.question_size), cross("image", config.image_size)},
        nn::layer_config(config, nn::NormOrder::kPre));
  }
}

std::vector<KeyValue> FusionDecoder::project_image(const at::Tensor& image_embeds) const {
  const at::Tensor embeds = image_embeds.defined() ? image_embeds : no_image_.unsqueeze(0);
  nn::check_shape(embeds, {kAny, kAny, config_.image_size}, "FusionDecoder's image_embeds");
  std::vector<KeyValue> memory;
  for (const nn::DecoderLayer& layer : layers_) memory.push_back(layer.project(kImage, embeds));
  return memory;
}

std::vector<KeyValue> FusionDecoder::project_question(const at::Tensor& question_embeds) const {
  nn::check_shape(question_embeds, {kAny, kAny, config_.question_size},
                  "FusionDecoder's question_embeds");
  std::vector<KeyValue> memory;
  for (const nn::DecoderLayer& layer : layers_)
    memory.push_back(layer.project(kQuestion, question_embeds));
  return memory;
}

at::Tensor FusionDecoder::task_token(Task task, std::int64_t rows) const {
  return tasks_[static_cast<std::int64_t>(task)].expand({rows, 1, config_.hidden_size});
}

at::Tensor FusionDecoder::forward(const at::Tensor& input_ids, Task task,
                                  const DecoderMemory& memory, double dropout,
                                  AttentionTrace* trace) const {
  nn::check_shape(input_ids, {kAny, kAny}, "FusionDecoder's input_ids");
  const std::int64_t rows = input_ids.size(0), length = input_ids.size(1) + 1;
  at::Tensor x = at::cat({task_token(task, rows), tokens_.forward(input_ids)}, 1) +
                 positions_.forward(0, length);  // (S, T + 1, D)
  const at::Tensor mask = nn::causal_mask(length, length, x);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    std::vector<at::Tensor> seen;
    x = layers_[i].forward(x, attended(memory, i), mask, dropout, trace ? &seen : nullptr);
    if (trace == nullptr) continue;
    trace->self.push_back(seen.front());
    trace->image.push_back(seen.back());
  }
  return norm_.forward(x);
}

at::Tensor FusionDecoder::step(const at::Tensor& last_ids, std::int64_t rows, Task task,
                               const DecoderMemory& memory, nn::KeyValueCache& cache) const {
  at::Tensor x =
      last_ids.defined() ? tokens_.forward(last_ids).unsqueeze(1) : task_token(task, rows);
  x = x + positions_.forward(cache.length(), 1);  // (S, 1, D)
  for (std::size_t i = 0; i < layers_.size(); ++i)
    x = layers_[i].step(x, attended(memory, i), cache, i);
  return norm_.forward(x);
}

at::Tensor FusionDecoder::logits(const at::Tensor& hidden) const { return tokens_.logits(hidden); }

}  // namespace beholder::fusion
