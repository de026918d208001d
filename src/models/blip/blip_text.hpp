// BLIP's text transformer (Li et al. 2022, "mixture of encoder and decoder"): one BERT whose layers
// also attend to a picture or to a question, as an encoder or, token by token, as a decoder.
#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <string>
#include <vector>

#include "nn/decoder_layer.hpp"
#include "nn/embedding.hpp"
#include "nn/positional_encoding.hpp"

namespace beholder::models::blip {

/// The `text_config` of a published config.json; defaults as in Hugging Face's BlipTextConfig.
struct BlipTextConfig {
  std::int64_t vocab_size = 30524;
  std::int64_t hidden_size = 768;
  std::int64_t encoder_hidden_size = 768;  ///< of what is attended to
  std::int64_t num_attention_heads = 8;
  std::int64_t intermediate_size = 3072;
  std::int64_t num_hidden_layers = 12;
  std::int64_t max_position_embeddings = 512;
  double layer_norm_eps = 1e-12;
  std::int64_t bos_token_id = 30522;  ///< [DEC], what a decoder starts from
  std::int64_t sep_token_id = 102;    ///< [SEP], the end of what it writes
  std::int64_t pad_token_id = 0;
};

/// Parameters named as in Hugging Face's `BlipTextModel`, with `head` also as in
/// `BlipTextLMHeadModel` (modeling_blip_text.py): then `name` holds `bert` and `cls`.
class BlipTextModel {
 public:
  enum class Head { kNone, kLanguageModel };
  BlipTextModel(nn::ParameterSource& source, const std::string& name, const BlipTextConfig& config,
                Head head);

  /// Keys and values of what is attended to, one per layer.
  /// @param embeds (B, N, encoder_hidden_size)
  std::vector<nn::KeyValue> project(const at::Tensor& embeds) const;

  /// All tokens at once. @param input_ids (S, L)
  /// @param memory from `project`, of a batch that divides S; empty: the text alone
  /// @param causal a token sees those before it alone
  /// @return (S, L, hidden_size)
  at::Tensor forward(const at::Tensor& input_ids, const std::vector<nn::KeyValue>& memory,
                     bool causal) const;

  /// The next tokens of each row. @param input_ids (S, T)  @return (S, T, hidden_size)
  at::Tensor step(const at::Tensor& input_ids, const std::vector<nn::KeyValue>& memory,
                  nn::KeyValueCache& cache) const;

  /// Scores of the next token. @param hidden (…, hidden_size)  @return (…, vocab_size)
  at::Tensor logits(const at::Tensor& hidden) const;

  const BlipTextConfig& config() const { return config_; }

 private:
  struct Prediction {
    nn::Linear dense;
    nn::LayerNorm norm;
  };
  /// Tokens with their positions from `first` on, (S, T, hidden_size).
  at::Tensor embed(const at::Tensor& input_ids, std::int64_t first) const;

  BlipTextConfig config_;
  nn::Embedding words_;
  nn::LearnedPositions positions_;
  nn::LayerNorm norm_;
  std::vector<nn::DecoderLayer> layers_;
  std::optional<Prediction> prediction_;
};

}  // namespace beholder::models::blip
