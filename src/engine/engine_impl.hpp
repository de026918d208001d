// What stands behind `Engine` and `Picture`; for the engine and the tools that look inside.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "engine/compute_gate.hpp"
#include "engine/description_confidence.hpp"
#include "engine/encoded_cache.hpp"
#include "engine/imported.hpp"
#include "engine/model.hpp"
#include "engine/scene_view.hpp"
#include "vision/image.hpp"
#include "vision/image_processor.hpp"

namespace beholder {

namespace engine {
struct Reasoned;
}

struct Picture::Encoded {
  /// The decoder's image keys and values, a layer each, (W, H, N, d): of the picture, then of its
  /// mirror image unless the engine does without.
  std::vector<nn::KeyValue> image;
  at::Tensor pooled;          ///< (C) mean of the cells
  int width = 0, height = 0;  ///< of the upright original, px
  double novelty = 0;         ///< see engine/confidence.hpp
  vision::Grid grid;          ///< cells: N = rows · columns
  vision::Image small;        ///< what the detector looks at; empty without one
  vision::Image photo;        ///< what `PhotoObjects` look at; empty without
  /// More like scenes than like anything else, or nearly; the detector has the last word.
  bool perhaps_scene = false;
  /// Rather a page, a chart, a drawing or nothing at all than a photo: what holds where the picture
  /// shows no scene (`Engine::Impl::off_ground`).
  bool no_photo = false;
  double scene_logit = 0;  ///< see engine/ground_gate.hpp; 0 without a gate
  mutable std::once_flag viewed;
  mutable engine::SceneView view;  ///< of `small` or `photo`, made when it is first asked for
  std::uint64_t bytes() const;     ///< of memory that it holds
};

struct PreparedPicture::Pixels {
  at::Tensor pixel_values;    ///< (1, 3, rows · 32, columns · 32)
  int width = 0, height = 0;  ///< of the upright original, px
  vision::Grid grid;          ///< cells
  vision::Image small;        ///< what the detector looks at; empty without one
  vision::Image photo;        ///< what `PhotoObjects` look at; empty without
  double decode_ms = 0;
};

struct DecodedPicture::Pixels {
  vision::Image image;
  std::string name;     ///< for messages
  ContentHash content;  ///< of the file
  double decode_ms = 0;
};

struct Engine::Impl {
  Impl(const std::filesystem::path& directory, const EngineOptions& options);

  std::filesystem::path directory;
  EngineOptions options;
  mutable engine::ComputeGate gate;
  mutable engine::EncodedCache cache;
  std::unique_ptr<engine::Model> model;             ///< of our own format; else null
  std::unique_ptr<engine::ImportedModel> imported;  ///< of a published family; else null
  std::unique_ptr<vision::ImageProcessor> processor;
  std::vector<nn::KeyValue> no_image;        ///< memory of "no picture"
  std::vector<std::int64_t> forbidden;       ///< tokens that are never written
  std::int64_t left_id = -1, right_id = -1;  ///< of those words; -1 when the vocabulary lacks one

  /// What a token is called in the mirror image.
  std::int64_t mirrored(std::int64_t token) const {
    return token == left_id ? right_id : token == right_id ? left_id : token;
  }

  /// The model of our own format. @throws Error kUnsupported naming `what` for a published one
  const engine::Model& own_model(const char* what) const;

  /// Whether colour profiles are applied.
  bool manages_colors() const {
    return options.color_management == ColorManagement::kAuto
               ? imported == nullptr
               : options.color_management == ColorManagement::kOn;
  }

  /// @param name what to call the picture in messages
  PreparedPicture prepare(const vision::Image& image, const std::string& name,
                          double decode_ms) const;
  Picture encode(const PreparedPicture::Pixels& pixels) const;

  /// Answers by the fusion decoder, from the pictures' cells.
  std::vector<Answer> look(const std::vector<Picture>& pictures,
                           const std::vector<std::string>& questions,
                           const AnswerOptions& asked) const;
  /// Descriptions of any pictures, without prefix and suffix; streamed as they are written.
  std::vector<Descriptions> describe(const std::vector<Picture>& pictures,
                                     const DescribeOptions& options) const;
  /// Below this, descriptions are withheld.
  double description_threshold(const DescribeOptions& options) const;
  /// Descriptions by the fusion decoder, from the pictures' cells, none of them withheld and
  /// without confidences; at most `num` a photo.
  std::vector<std::vector<engine::Written>> write(const std::vector<Picture>& photos,
                                                  const DescribeOptions& asked) const;
  /// The same with their confidences, and withheld where these are too low.
  std::vector<Description> vouch(const Picture& photo, const std::vector<engine::Written>& written,
                                 const DescribeOptions& asked) const;
  /// An answer on the picture's objects; nothing for pictures that the decoder knows better.
  /// @param how is given the program that was tried, unless null
  std::optional<Answer> reason(const Picture& picture, const std::string& question,
                               const AnswerOptions& asked, engine::Reasoned* how = nullptr) const;
  /// An answer by the names of things in a photo; nothing where they do not answer the question.
  std::optional<Answer> name(const Picture& picture, const std::string& question,
                             const AnswerOptions& asked) const;
  /// Whether the picture shows a scene of solids or of flat shapes.
  bool shows_scene(const Picture& picture) const;

  /// Whether the picture is neither a photo nor a scene, so that nothing said of it can be trusted.
  bool off_ground(const Picture& picture) const;

  /// The objects of a picture, found once. @throws Error kUnsupported without a detector
  const engine::SceneView& view(const Picture& picture) const;
};

namespace engine {

/// Mean of a question's token vectors, (D), as all-MiniLM's sentence embedding pools them.
at::Tensor pool_question(const at::Tensor& question_embeds);

/// A vector (D) scaled to length 1.
std::vector<float> unit_vector(const at::Tensor& vector);

/// The tokens of a question or sentence. @throws Error kQuestionTooLong
std::vector<std::int64_t> question_ids(const Model& model, const std::string& question);

}  // namespace engine
}  // namespace beholder
