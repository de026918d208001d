// What stands behind `Engine`.
#pragma once

#include <memory>

#include "beholder/engine.hpp"
#include "engine/compute_gate.hpp"
#include "engine/encoded_cache.hpp"
#include "models/model.hpp"
#include "vision/intake/image.hpp"

namespace beholder {

struct DecodedPicture::Pixels {
  vision::Image image;
  std::string name;     ///< for messages
  ContentHash content;  ///< of the file
  double decode_ms = 0;
};

struct Engine::Impl {
  /// @param model null: the folder's is loaded, by the gate's threads
  Impl(const std::filesystem::path& directory, std::shared_ptr<const models::Model> model,
       const EngineOptions& options);

  bool can(Skill skill) const;
  /// @throws Error kUnsupported: the model cannot `what`
  void require(Skill skill, const char* what) const;
  /// @param name what to call the picture in messages
  PreparedPicture prepare(const vision::Image& image, const std::string& name,
                          double decode_ms) const;
  Picture encode(const PreparedPicture& prepared) const;

  std::filesystem::path directory;
  EngineOptions options;
  mutable engine::ComputeGate gate;
  mutable engine::EncodedCache cache;
  std::shared_ptr<const models::Model> model;
  ModelInfo info;
};

namespace engine {

/// An engine over a model that the caller has loaded, and goes on looking into.
Engine engine_over(std::shared_ptr<const models::Model> model, const EngineOptions& options = {});

}  // namespace engine
}  // namespace beholder
