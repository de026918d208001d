// The question's transformer: WordPiece ids to one vector a token.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "nn/embedding.hpp"
#include "nn/encoder_layer.hpp"
#include "nn/positional_encoding.hpp"
#include "nn/shape.hpp"

namespace beholder::text {

/// The `text` section of a model's config.json.
struct TextConfig {
  std::int64_t vocab_size = 30522;
  std::int64_t hidden_size = 384;
  std::int64_t num_attention_heads = 12;
  std::int64_t intermediate_size = 1536;
  std::int64_t num_hidden_layers = 6;
  std::int64_t max_position_embeddings = 512;
  std::int64_t type_vocab_size = 2;
  double layer_norm_eps = 1e-12;
};

/// BERT encoder (Devlin et al. 2019), parameters named as in Hugging Face's `BertModel` without its
/// pooler; layer normalisation after each sub-layer.
class TextEncoder {
 public:
  TextEncoder(nn::ParameterSource& source, const std::string& name, const TextConfig& config);

  /// @param input_ids (B, L) int64, L at most max_position_embeddings
  /// @param attention_mask (B, L) int64, 1 for a token and 0 for padding; undefined for no padding
  /// @return question_embeds (B, L, hidden_size)
  /// @throws Error kShape, kQuestionTooLong
  at::Tensor forward(const at::Tensor& input_ids, const at::Tensor& attention_mask = {}) const {
    nn::check_shape(input_ids, {nn::kAny, nn::kAny}, "TextEncoder");
    return encode(word_embeddings(input_ids), attention_mask);
  }

  /// The same from the words' vectors, through which gradients flow. @param words (B, L, D)
  at::Tensor encode(const at::Tensor& words, const at::Tensor& attention_mask = {}) const;

  /// The words' vectors alone, without position or context.
  /// @param input_ids (B, L) int64  @return (B, L, hidden_size)
  at::Tensor word_embeddings(const at::Tensor& input_ids) const {
    return words_.forward(input_ids);
  }

  const TextConfig& config() const { return config_; }

 private:
  TextConfig config_;
  nn::Embedding words_;
  nn::LearnedPositions positions_;
  at::Tensor types_;  // (type_vocab_size, D)
  nn::LayerNorm norm_;
  std::vector<nn::EncoderLayer> layers_;
};

/// The names of a layer's attention `module` and of the layer itself, as in `BertModel`.
nn::AttentionNames bert_attention_names(const std::string& module);
nn::LayerNames bert_layer_names(const std::string& layer);

}  // namespace beholder::text
