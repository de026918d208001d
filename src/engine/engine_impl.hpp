// What stands behind `Engine` and `Picture`; for the engine and the tools that look inside.
#pragma once

#include <memory>

#include "beholder/engine.hpp"
#include "engine/model.hpp"
#include "vision/image.hpp"
#include "vision/image_processor.hpp"

namespace beholder {

struct Picture::Encoded {
  /// The decoder's image keys and values, a layer each: of the picture, then of its mirror image
  /// unless the engine does without.
  std::vector<std::vector<nn::KeyValue>> views;
  at::Tensor pooled;  ///< (C) mean of the cells
  Timing timing;
  double novelty = 0;  ///< see engine/confidence.hpp
};

struct Engine::Impl {
  std::unique_ptr<engine::Model> model;
  EngineOptions options;
  std::unique_ptr<vision::ImageProcessor> processor;
  std::vector<nn::KeyValue> no_image;   ///< memory of "no picture"
  std::vector<std::int64_t> forbidden;  ///< tokens that are never written
  at::Tensor mirror_ids;                ///< (V) each token's id with "left" and "right" exchanged

  Picture encode(const vision::Image& image, double decode_ms) const;
};

namespace engine {

/// Mean of a question's token vectors, (D), as all-MiniLM's sentence embedding pools them.
at::Tensor pool_question(const at::Tensor& question_embeds);

}  // namespace engine
}  // namespace beholder
