// Reasoning over objects: question and objects meet in an encoder, and the fusion decoder writes
// from them either a program or the answer itself.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "fusion/fusion_decoder.hpp"
#include "nn/encoder_layer.hpp"
#include "nn/positional_encoding.hpp"

namespace beholder::fusion {

/// The `reasoner` section of a model's config.json.
struct ReasonerConfig {
  std::int64_t vocab_size = 0;   ///< V: words of programs, and answers
  std::int64_t word_size = 384;  ///< width of the word vectors that come in
  std::int64_t object_size = 0;  ///< F: features of one object
  bool ranks = true;             ///< whether these end in ranks; models of old have none
  std::int64_t hidden_size = 192;
  std::int64_t num_attention_heads = 6;
  std::int64_t intermediate_size = 768;
  std::int64_t num_encoder_layers = 3;
  std::int64_t num_decoder_layers = 3;
  std::int64_t max_question_tokens = 64;
  std::int64_t max_program_tokens = 64;  ///< the end token included
  double layer_norm_eps = 1e-5;
  /// Lower-case words of the questions trained on, sorted; empty: not known.
  std::vector<std::string> known_words;
};

/// What the decoder reads: one row a question.
struct ReasonerInput {
  at::Tensor words;          ///< (S, L, word_size)
  at::Tensor question_mask;  ///< (S, L) int64, 1 for a token, 0 for padding
  at::Tensor objects;        ///< (S, M, F), or undefined: the question alone
  at::Tensor object_mask;    ///< (S, M) int64, with `objects`
};

/// A program is written from the question alone (task kExplain), as in NS-VQA (Yi et al. 2018,
/// "Neural-Symbolic VQA"); an answer from question and objects together (task kAnswer).
class Reasoner {
 public:
  Reasoner(nn::ParameterSource& source, const std::string& name, const ReasonerConfig& config);

  /// Question tokens and, where given, objects, having seen one another: the decoder's memory,
  /// without a picture. @throws Error kShape
  DecoderMemory remember(const ReasonerInput& input, double dropout = 0) const {
    return remember(encode(input, dropout), input);
  }

  /// The same in two steps: the encoder's states (S, L + M, D), objects behind the words, and the
  /// memory made of them.
  at::Tensor encode(const ReasonerInput& input, double dropout = 0) const;
  DecoderMemory remember(const at::Tensor& encoded, const ReasonerInput& input) const;

  const FusionDecoder& decoder() const { return decoder_; }
  const ReasonerConfig& config() const { return config_; }

 private:
  ReasonerConfig config_;
  nn::Linear word_projection_, object_projection_;
  nn::LearnedPositions positions_;
  std::vector<nn::EncoderLayer> layers_;
  nn::LayerNorm norm_;
  FusionDecoder decoder_;
};

}  // namespace beholder::fusion
