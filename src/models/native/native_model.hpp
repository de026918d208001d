// The bundled model's family: a hybrid vision encoder, a text encoder and a fusion decoder, with
// objects, programs and names where the folder holds them.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "models/description_confidence.hpp"
#include "models/model.hpp"
#include "models/native/checkpoint.hpp"
#include "scene/answerer.hpp"
#include "scene/scene_view.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::models::native {

struct NativePixels final : PreparedPixels {
  using PreparedPixels::PreparedPixels;

  at::Tensor pixel_values;                    ///< (1, 3, rows · 32, columns · 32)
  vision::Grid grid;                          ///< cells
  vision::Image small;                        ///< what the detector looks at; empty without one
  vision::Image photo;                        ///< what `scene::PhotoObjects` look at; empty without
  std::shared_ptr<const vision::Image> page;  ///< what `scene::TextReader` looks at; null without
};

struct NativePicture final : EncodedPicture {
  NativePicture(const Model& model, const NativePixels& pixels);
  std::uint64_t bytes() const override;

  /// The decoder's image keys and values, one per layer, (W, H, N, d): of the picture, then of its
  /// mirror image unless `EngineOptions::mirror` is off.
  std::vector<nn::KeyValue> image;
  at::Tensor pooled;    ///< (C) mean of the cells
  double novelty = 0;   ///< see models/confidence.hpp
  vision::Grid grid;    ///< cells: N = rows · columns
  vision::Image small;  ///< as in `NativePixels`
  vision::Image photo;
  /// More like scenes than like anything else, or nearly; the detector has the last word.
  bool perhaps_scene = false;
  /// More like a page, a chart, a drawing or a blank than like a photo. It does not count where a
  /// scene is found (`NativeModel::off_ground`).
  bool no_photo = false;
  double scene_logit = 0;  ///< see scene/ground_gate.hpp; 0 without a gate
  mutable std::once_flag viewed;
  mutable scene::SceneView view;  ///< of `small` or `photo`, made when it is first asked for
  std::shared_ptr<const vision::Image> page;  ///< as in `NativePixels`
  mutable std::once_flag page_read;
  mutable std::vector<scene::ReadLine> lines;  ///< of `page`, read when they are first asked for
};

class NativeModel final : public Model {
 public:
  /// @throws Error as `load_checkpoint`
  NativeModel(const std::filesystem::path& directory, const EngineOptions& options);

  ModelInfo info() const override;
  std::unique_ptr<PreparedPixels> prepare(const vision::Image& image, int width,
                                          int height) const override;
  std::shared_ptr<const EncodedPicture> encode(const PreparedPixels& pixels) const override;
  std::vector<Answer> answer(const std::vector<Request>& requests,
                             const AnswerOptions& options) const override;
  Explanation explain(const Request& request, const AnswerOptions& options) const override;
  std::vector<Descriptions> describe(const std::vector<const EncodedPicture*>& pictures,
                                     const DescribeOptions& options) const override;
  Objects objects(const EncodedPicture& picture, const ObjectsOptions& options) const override;
  Relations relations(const EncodedPicture& picture, const ObjectsOptions& options) const override;
  Reading read(const EncodedPicture& picture, const ReadOptions& options) const override;
  Score score(const Request& request, const std::string& text) const override;
  AttentionMap attention(const Request& request, const std::string& text) const override;
  std::vector<float> embed(const EncodedPicture& picture) const override;
  std::vector<float> embed(const std::string& text) const override;

  const Checkpoint& checkpoint() const { return checkpoint_; }
  bool mirror() const { return mirror_; }  ///< whether mirror images are looked at
  const vision::ImageProcessor& processor() const { return processor_; }
  /// What the decoder attends to where there is no picture.
  const std::vector<nn::KeyValue>& no_image() const { return no_image_; }
  /// Tokens that are never written.
  const std::vector<std::int64_t>& forbidden() const { return forbidden_; }

  /// The tokens "left" and "right", which change places in the mirror image; -1 when the vocabulary
  /// lacks one.
  std::int64_t left_id() const { return left_id_; }
  std::int64_t right_id() const { return right_id_; }
  std::int64_t mirrored(std::int64_t token) const {
    return token == left_id_ ? right_id_ : token == right_id_ ? left_id_ : token;
  }

  const NativePicture& own_picture(const EncodedPicture& picture) const {
    return own<NativePicture>(picture);
  }
  const NativePixels& own_pixels(const PreparedPixels& pixels) const {
    return own<NativePixels>(pixels);
  }
  /// The objects of a picture, found once. @throws Error kUnsupported without a detector
  const scene::SceneView& view(const NativePicture& picture) const;
  /// What is written in a picture, read once, the uncertain lines too.
  /// @throws Error kUnsupported for a model that cannot read; kCancelled
  const std::vector<scene::ReadLine>& lines(const NativePicture& picture,
                                            const std::atomic<bool>* cancel) const;
  /// Whether the picture shows a scene of solids or of flat shapes. False for none.
  bool shows_scene(const NativePicture* picture) const;
  /// Whether the picture is neither a photo nor a scene, so that nothing said of it can be trusted.
  bool off_ground(const NativePicture* picture) const;
  /// Descriptions by the fusion decoder, none of them withheld and without confidences; at most
  /// `num` a photo.
  std::vector<std::vector<Written>> generate_descriptions(
      const std::vector<const NativePicture*>& photos, const DescribeOptions& options) const;

 private:
  /// An answer by the picture's objects; nothing for pictures that the decoder knows better.
  /// @param how is given the program that was tried, unless null
  std::optional<Answer> answer_by_objects(const NativePicture* picture, const std::string& question,
                                          const AnswerOptions& options,
                                          scene::Reasoned* how = nullptr) const;
  /// How many of a kind of things a photo shows; nothing for other questions, or where none is
  /// found.
  std::optional<Answer> answer_by_count(const NativePicture* picture, const std::string& question,
                                        const AnswerOptions& options) const;
  /// An answer by the names of things in a photo; nothing where they do not answer the question.
  std::optional<Answer> answer_by_names(const NativePicture* picture, const std::string& question,
                                        const AnswerOptions& options) const;
  /// An answer by what people usually say, held against what the photo shows; nothing where
  /// `scorer_answers` does not hold.
  std::optional<Answer> answer_by_evidence(const NativePicture* picture,
                                           const std::string& question,
                                           const AnswerOptions& options) const;
  /// Whether everyday questions about the photo go to the answer scorer: there is one, and the
  /// decoder has not learned from photos like this.
  bool scorer_answers(const NativePicture& photo) const;
  /// What the answer scorer knows of a photo. @param things asks the detector too
  scene::PhotoFacts facts_of(const NativePicture& photo, bool things) const;
  /// The classifier's logits of a picture, text::NameTree::kClasses.
  std::vector<float> class_logits(const NativePicture& picture) const;
  /// An answer from what is written; nothing for questions about something else.
  std::optional<Answer> answer_by_reading(const NativePicture* picture, const std::string& question,
                                          const AnswerOptions& options) const;
  /// Answers by the fusion decoder, from the pictures' cells. Requests with the same question share
  /// its encoding.
  std::vector<Answer> answer_by_decoder(const std::vector<Request>& requests,
                                        const AnswerOptions& options) const;
  const NativePicture* picture_of(const Request& request) const {
    return request.picture == nullptr ? nullptr : &own_picture(*request.picture);
  }
  /// Below this, descriptions are withheld.
  double description_threshold(const DescribeOptions& options) const;
  /// What was written about a photo with its confidences, and withheld where these are too low.
  std::vector<Description> with_confidences(const NativePicture& photo,
                                            const std::vector<Written>& written,
                                            const DescribeOptions& options) const;

  Checkpoint checkpoint_;
  bool mirror_;
  vision::ImageProcessor processor_;
  std::vector<nn::KeyValue> no_image_;
  std::vector<std::int64_t> forbidden_;
  std::int64_t left_id_ = -1, right_id_ = -1;
};

/// The model of a folder of this family. @throws Error kUnsupported: another family's cannot `what`
std::shared_ptr<const NativeModel> load_native(const std::filesystem::path& directory,
                                               const char* what, const EngineOptions& options = {});

}  // namespace beholder::models::native
