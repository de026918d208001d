// BLIP as published on Hugging Face: question answering, captioning, image-text matching.
#pragma once

#include <optional>

#include "engine/imported.hpp"
#include "fusion/blip_text.hpp"
#include "generation/generation.hpp"
#include "io/config.hpp"
#include "nn/parameters.hpp"
#include "text/wordpiece_tokenizer.hpp"
#include "vision/blip_vision.hpp"

namespace beholder::engine {

/// config.json and preprocessor_config.json of a BLIP folder, as far as they decide anything here.
struct BlipConfig {
  enum class Task { kAnswer, kDescribe, kMatch };
  Task task = Task::kAnswer;
  vision::BlipVisionConfig vision;
  fusion::BlipTextConfig text;
  std::int64_t image_text_hidden_size = 256;
  vision::ImageProcessorConfig image;
};

/// @throws Error kFileNotFound, kFileAccess, kModelFormat
BlipConfig load_blip_config(const std::filesystem::path& directory);

/// The networks of one checkpoint (modeling_blip.py: BlipForQuestionAnswering,
/// BlipForConditionalGeneration, BlipForImageTextRetrieval).
struct BlipNetworks {
  BlipNetworks(nn::ParameterSource& source, const BlipConfig& config);

  std::optional<vision::BlipVisionModel> vision_model;  ///< always there
  std::optional<fusion::BlipTextModel> text_encoder, text_decoder;
  std::optional<nn::Linear> vision_proj, text_proj, itm_head;
};

/// The weights under the names that `BlipNetworks` declares: tied tensors once, buffers left out.
io::SafetensorsFile blip_weights(const io::SafetensorsFile& file, const BlipConfig& config);

class BlipModel final : public ImportedModel {
 public:
  explicit BlipModel(const std::filesystem::path& directory);

  std::vector<Skill> skills() const override;
  int max_question_tokens() const override;
  std::uint64_t weight_bytes() const override { return weight_bytes_; }
  const vision::ImageProcessorConfig& image() const override { return config_.image; }
  void encode(const at::Tensor& pixel_values, Picture::Encoded& out) const override;
  Answer answer(const Picture::Encoded& picture, const std::string& question,
                const AnswerOptions& options) const override;
  std::vector<Description> describe(const Picture::Encoded& picture,
                                    const DescribeOptions& options) const override;
  Match match(const Picture::Encoded& picture, const std::string& text) const override;
  std::vector<float> embed(const Picture::Encoded& picture) const override;
  std::vector<float> embed(const std::string& text) const override;

  const BlipConfig& config() const { return config_; }
  const BlipNetworks& networks() const { return *networks_; }

 private:
  std::vector<std::int64_t> ids_of(const std::string& text) const;
  /// Tokens that may be written behind `begun` ones. @param asked 0: the reference's default
  std::int64_t most_tokens(int asked, std::size_t begun) const;
  std::string piece(std::int64_t id) const;  ///< "" for what is not written
  std::string written(const std::vector<std::int64_t>& ids) const;
  /// @param prompt with the token that every text begins with
  generation::GenerationOptions search_options(const std::vector<std::int64_t>& prompt,
                                               const DescribeOptions& options) const;
  std::vector<ScoredAnswer> rank(const std::vector<nn::KeyValue>& memory,
                                 const AnswerOptions& options) const;

  BlipConfig config_;
  text::WordPieceTokenizer tokenizer_;
  std::uint64_t weight_bytes_ = 0;
  std::optional<BlipNetworks> networks_;
};

}  // namespace beholder::engine
