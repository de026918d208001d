// The decoder in which question and picture meet: it writes answers and descriptions.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "nn/decoder_layer.hpp"
#include "nn/embedding.hpp"
#include "nn/positional_encoding.hpp"

namespace beholder::fusion {

/// What the decoder is asked to write; the number is the row of its task embedding. New tasks are
/// added at the end: the numbers are in every stored model.
enum class Task : std::int64_t {
  kAnswer = 0,
  kDescribe = 1,
  kObjects = 2,
  kRelations = 3,
  kExplain = 4
};
constexpr std::int64_t kTaskCount = 5;

/// The `fusion` section of a model's config.json.
struct FusionConfig {
  std::int64_t vocab_size = 0;       ///< V, of the output vocabulary
  std::int64_t hidden_size = 256;    ///< D
  std::int64_t image_size = 256;     ///< width of image_embeds
  std::int64_t question_size = 384;  ///< width of question_embeds
  std::int64_t num_attention_heads = 8;
  std::int64_t intermediate_size = 1024;
  std::int64_t num_hidden_layers = 3;
  std::int64_t max_position_embeddings = 48;  ///< task token and answer tokens
  double layer_norm_eps = 1e-5;
};

/// Keys and values of everything that the decoder attends to besides its own tokens, one per layer.
struct DecoderMemory {
  std::vector<nn::KeyValue> image;     ///< each (P, H, N, d)
  std::vector<nn::KeyValue> question;  ///< each (S, H, L, d); empty when nothing was asked
  at::Tensor question_mask;            ///< (S, 1, 1, L) additive, or undefined
};

/// What the decoder's positions looked at, one per layer, the mean over the heads.
struct AttentionTrace {
  std::vector<at::Tensor> self;   ///< (S, T + 1, T + 1)
  std::vector<at::Tensor> image;  ///< (S, T + 1, N)
};

/// Causal self-attention, then attention to the question's tokens, then to the picture's, then a
/// feed-forward map, each normalised before (Vaswani et al. 2017; pre-norm). Position 0 holds the
/// task; the output matrix is the token embedding itself (Press & Wolf 2017).
class FusionDecoder {
 public:
  FusionDecoder(nn::ParameterSource& source, const std::string& name, const FusionConfig& config);

  /// Keys and values of the picture, computed once for any number of questions.
  /// @param image_embeds (P, N, image_size); undefined for "no picture", a learned token (P = 1)
  std::vector<nn::KeyValue> project_image(const at::Tensor& image_embeds) const;

  /// @param question_embeds (S, L, question_size)
  std::vector<nn::KeyValue> project_question(const at::Tensor& question_embeds) const;

  /// @param input_ids (S, T) tokens written so far, without the task position
  /// @param task of all rows; its embedding goes before the tokens
  /// @param memory S must be a multiple of its P: consecutive rows share a picture
  /// @return hidden states (S, T + 1, D); state t predicts token t
  /// @param trace filled with what was looked at, may be null
  at::Tensor forward(const at::Tensor& input_ids, Task task, const DecoderMemory& memory,
                     double dropout = 0, AttentionTrace* trace = nullptr) const;

  /// One more position. The first call takes undefined `last_ids` and feeds the task.
  /// @param last_ids (S) the token written last
  /// @param rows S
  /// @return hidden state (S, 1, D) that predicts the next token; `cache` grows by one
  at::Tensor step(const at::Tensor& last_ids, std::int64_t rows, Task task,
                  const DecoderMemory& memory, nn::KeyValueCache& cache) const;

  at::Tensor logits(const at::Tensor& hidden) const;  ///< (…, D) -> (…, V)

  const FusionConfig& config() const { return config_; }

 private:
  at::Tensor task_token(Task task, std::int64_t rows) const;  // (S, 1, D)

  FusionConfig config_;
  nn::Embedding tokens_;
  nn::LearnedPositions positions_;
  at::Tensor tasks_, no_image_;  // (kTaskCount, D), (1, image_size)
  std::vector<nn::DecoderLayer> layers_;
  nn::LayerNorm norm_;
};

}  // namespace beholder::fusion
