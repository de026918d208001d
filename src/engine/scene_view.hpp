// What the detector sees in a picture, as objects for people and as a world for programs.
#pragma once

#include <vector>

#include "beholder/types.hpp"
#include "engine/model.hpp"
#include "program/executor.hpp"
#include "vision/image.hpp"

namespace beholder::engine {

/// Which ground a picture's objects stand on, which decides what "left of" is measured by.
enum class Ground {
  kPhoto,  ///< boxes in a photo
  kFlat,   ///< shapes on paper
  kSolid,  ///< solids on a floor: places are on the floor
};

struct SceneView {
  Ground ground = Ground::kPhoto;
  std::vector<Object> objects;  ///< most certain first
  program::World world;         ///< the same objects in the same order
};

/// How a picture is looked at.
struct Look {
  int width = 0, height = 0;  ///< of the upright original, px
  double min_confidence = 0;  ///< peaks below are left out
  std::size_t max_objects = 100;
  bool mirror = true;  ///< at the mirror image of scenes too
};

/// Runs the detector over a picture of any size. @param small see `vision::detector_size`
SceneView view_scene(const Model& model, const vision::ImageProcessor& processor,
                     const vision::Image& small, const Look& look);

/// The objects of at least that confidence, at most so many.
SceneView certain_part(const SceneView& view, double min_confidence, std::size_t max_objects);

/// What holds between two objects: "left of", "behind", "inside", "larger than" …
std::vector<Relation> relations_of(const SceneView& view);

}  // namespace beholder::engine
