#include "fusion/reasoner.hpp"

#include "core/check.hpp"
#include "nn/attention_mask.hpp"
#include "nn/shape.hpp"

namespace beholder::fusion {

using nn::kAny;

namespace {

FusionConfig decoder_config(const ReasonerConfig& config) {
  FusionConfig out;
  out.vocab_size = config.vocab_size;
  out.hidden_size = out.image_size = out.question_size = config.hidden_size;
  out.num_attention_heads = config.num_attention_heads;
  out.intermediate_size = config.intermediate_size;
  out.num_hidden_layers = config.num_decoder_layers;
  out.max_position_embeddings = config.max_program_tokens + 1;
  out.layer_norm_eps = config.layer_norm_eps;
  return out;
}

/// Additive over words and objects, (S, 1, 1, L + M).
at::Tensor mask_of(const ReasonerInput& input) {
  return nn::padding_mask(input.objects.defined()
                              ? at::cat({input.question_mask, input.object_mask}, 1)
                              : input.question_mask);
}

}  // namespace

Reasoner::Reasoner(nn::ParameterSource& source, const std::string& name,
                   const ReasonerConfig& config)
    : config_(config),
      word_projection_(source, name + ".word_projection", config.word_size, config.hidden_size),
      object_projection_(source, name + ".object_projection", config.object_size,
                         config.hidden_size),
      positions_(source, name + ".position_embeddings", config.max_question_tokens,
                 config.hidden_size),
      norm_(source, name + ".norm", config.hidden_size, config.layer_norm_eps),
      decoder_(source, name + ".decoder", decoder_config(config)) {
  for (std::int64_t i = 0; i < config.num_encoder_layers; ++i)
    layers_.emplace_back(source, nn::encoder_names(name + ".layers." + std::to_string(i)),
                         nn::layer_config(config, nn::NormOrder::kPre));
}

at::Tensor Reasoner::encode(const ReasonerInput& input, double dropout) const {
  nn::check_shape(input.words, {kAny, kAny, config_.word_size}, "Reasoner's words");
  const std::int64_t rows = input.words.size(0), length = input.words.size(1);
  check(length <= config_.max_question_tokens, ErrorCode::kQuestionTooLong, "the question has ",
        length, " tokens and the reasoner takes at most ", config_.max_question_tokens,
        "; ask a shorter question");
  nn::check_shape(input.question_mask, {rows, length}, "Reasoner's question_mask");
  at::Tensor x =
      word_projection_.forward(input.words) + positions_.forward(0, length);  // (S, L, D)
  if (input.objects.defined()) {
    nn::check_shape(input.objects, {rows, kAny, config_.object_size}, "Reasoner's objects");
    nn::check_shape(input.object_mask, {rows, input.objects.size(1)}, "Reasoner's object_mask");
    x = at::cat({x, object_projection_.forward(input.objects)}, 1);  // (S, L + M, D)
  }
  const at::Tensor mask = mask_of(input);
  for (const nn::EncoderLayer& layer : layers_) x = layer.forward(x, dropout, mask);
  return norm_.forward(x);
}

DecoderMemory Reasoner::remember(const at::Tensor& encoded, const ReasonerInput& input) const {
  DecoderMemory memory;
  memory.image = decoder_.project_image({});
  memory.question = decoder_.project_question(encoded);
  memory.question_mask = mask_of(input);
  return memory;
}

}  // namespace beholder::fusion
