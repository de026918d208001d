// BLIP as published on Hugging Face: question answering, captioning, image-text matching.
#pragma once

#include <optional>

#include "generation/generation.hpp"
#include "models/blip/blip_networks.hpp"
#include "models/model.hpp"
#include "text/wordpiece_tokenizer.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::models::blip {

struct BlipPixels final : PreparedPixels {
  using PreparedPixels::PreparedPixels;

  at::Tensor pixel_values;  ///< (1, 3, size, size)
};

struct BlipPicture final : EncodedPicture {
  using EncodedPicture::EncodedPicture;
  std::uint64_t bytes() const override;

  std::vector<nn::KeyValue> image;  ///< keys and values one per layer, (1, H, N + 1, d)
  at::Tensor pooled;                ///< (D) the class token
};

class BlipModel final : public Model {
 public:
  /// @throws Error kFileNotFound, kFileAccess, kModelFormat
  BlipModel(const std::filesystem::path& directory, const EngineOptions& options);

  ModelInfo info() const override;
  std::unique_ptr<PreparedPixels> prepare(const vision::Image& image, int width,
                                          int height) const override;
  std::shared_ptr<const EncodedPicture> encode(const PreparedPixels& pixels) const override;
  std::vector<Answer> answer(const std::vector<Request>& requests,
                             const AnswerOptions& options) const override;
  std::vector<Descriptions> describe(const std::vector<const EncodedPicture*>& pictures,
                                     const DescribeOptions& options) const override;
  Match match(const EncodedPicture& picture, const std::string& text) const override;
  std::vector<float> embed(const EncodedPicture& picture) const override;
  std::vector<float> embed(const std::string& text) const override;

  const BlipConfig& config() const { return config_; }
  const BlipNetworks& networks() const { return *networks_; }

 private:
  Answer answer_one(const BlipPicture& picture, const std::string& question,
                    const AnswerOptions& options) const;
  /// @param search of `search_options`
  std::vector<Description> describe_one(const BlipPicture& picture, const DescribeOptions& options,
                                        const generation::GenerationOptions& search) const;
  int max_text_tokens() const { return static_cast<int>(config_.text.max_position_embeddings); }
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
  vision::ImageProcessor processor_;
  text::WordPieceTokenizer tokenizer_;
  std::uint64_t weight_bytes_ = 0;
  std::optional<BlipNetworks> networks_;
};

}  // namespace beholder::models::blip
