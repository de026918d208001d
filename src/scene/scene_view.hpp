// What the detector sees in a picture, as objects for people and as a world for programs.
#pragma once

#include <optional>
#include <vector>

#include "beholder/types.hpp"
#include "program/executor.hpp"
#include "program/lexicon.hpp"
#include "scene/ground_gate.hpp"
#include "scene/photo_objects.hpp"
#include "vision/intake/image.hpp"
#include "vision/object_detector.hpp"
#include "vision/preprocess/image_processor.hpp"
#include "vision/vision_encoder.hpp"

namespace beholder::scene {

/// Which ground a picture's objects stand on, which decides what "left of" is measured by.
enum class Ground {
  kPhoto,  ///< boxes in a photo
  kFlat,   ///< shapes on paper
  kSolid,  ///< solids on a floor: places are on the floor
};

/// A second opinion on one object: that an attribute has another value, or, with no attribute, that
/// the object is there though it was not counted, or the other way round.
struct Doubt {
  std::size_t object = 0;
  std::string attribute, value;
  double odds = 0;  ///< how likely that is against what was read, above 0
};

struct SceneView {
  Ground ground = Ground::kPhoto;
  std::vector<Object> objects;  ///< most certain to be there first
  program::World world;         ///< the same objects in the same order
  std::vector<double> there;    ///< how certain each is to be there, whatever its attributes; 0..1
  double min_there = 0.5;       ///< from there on an object counts in programs
  std::vector<Doubt> doubts;    ///< the second best value of each attribute
};

/// How a picture is looked at.
struct Look {
  int width = 0, height = 0;  ///< of the upright original, px
  double min_confidence = 0;  ///< peaks below are left out
  std::size_t max_objects = 100;
  bool mirror = true;                   ///< at the mirror image too
  bool perhaps_scene = true;            ///< false: a photo's objects are looked for at once
  std::optional<double> scene_logit{};  ///< of the model's gate; nothing for a model without one
};

/// What objects are found with.
struct Detectors {
  const vision::VisionEncoder& vision;    ///< whose maps the detector of scenes reads
  const vision::ObjectDetector& objects;  ///< of scenes
  const program::Lexicon& lexicon;        ///< what it tells things by
  const GroundGate& gate;                 ///< undefined: the objects alone say what is a scene
  const PhotoObjects* photo_objects;      ///< null: photos are left to the detector of scenes
  const vision::ImageProcessor& processor;

  /// From where on a photo's object is listed, and counts in programs.
  double photo_min_confidence() const;
};

/// The peaks of scenes in a picture, and in its mirror image where `look` says so, most certain
/// first.
std::vector<vision::Detection> find_peaks(const Detectors& detectors, const vision::Image& small,
                                          const Look& look);

/// What peaks show, were it a scene: `scene_evidence` and the logit.
struct SceneCase {
  bool objects = false;           ///< there are any; where none are, it is no scene
  Ground ground = Ground::kFlat;  ///< kFlat or kSolid, whichever the peaks show more of
  std::vector<double> evidence;
};
SceneCase scene_case(const std::vector<vision::Detection>& found, const program::Lexicon& lexicon,
                     const vision::Image& small, double scene_logit);

/// Whether it is one.
bool is_scene(const GroundGate& gate, const SceneCase& seen);

/// Runs the detector over a picture of any size. @param small see `vision::detector_size`
/// @param photo the same picture for the model's `PhotoObjects`; not read without
SceneView view_scene(const Detectors& detectors, const vision::Image& small,
                     const vision::Image& photo, const Look& look);

/// The objects of at least that confidence, at most so many.
SceneView certain_part(const SceneView& view, double min_confidence, std::size_t max_objects);

/// The objects that are there rather than not, for programs to run on.
/// @param other read this one otherwise
SceneView reading_of(const SceneView& view, const Doubt* other = nullptr);

/// What may be read otherwise than `reading_of` has it, likeliest first, at most so many.
std::vector<Doubt> doubts_of(const SceneView& view, std::size_t most);

}  // namespace beholder::scene
