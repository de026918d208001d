// config.json of a model directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "engine/description_confidence.hpp"
#include "engine/name_answerer.hpp"
#include "engine/photo_objects.hpp"
#include "fusion/fusion_decoder.hpp"
#include "fusion/reasoner.hpp"
#include "io/config.hpp"
#include "program/lexicon.hpp"
#include "text/text_encoder.hpp"
#include "vision/image_processor.hpp"
#include "vision/object_detector.hpp"
#include "vision/vision_encoder.hpp"

namespace beholder::engine {

/// How the raw probability of an answer becomes a confidence, and when the engine abstains.
struct CalibrationConfig {
  double slope = 1;  ///< confidence = sigmoid(slope · logit(p) + offset)
  double offset = 0;
  double yes_no_slope = 1;  ///< the same for the answers "yes" and "no"
  double yes_no_offset = 0;
  double number_slope = 1;  ///< the same for numbers
  double number_offset = 0;
  double min_confidence = 0;         ///< below it the answer is "I don't know"
  double yes_no_min_confidence = 0;  ///< the same for "yes" and "no"
  double number_min_confidence = 0;  ///< the same for numbers
  double program_slope =
      1;  ///< the same for answers by program, of its own and its objects' certainty
  double program_offset = 0;
  double max_picture_distance = 0;   ///< Mahalanobis distance of unfamiliar pictures; 0: unknown
  double max_question_distance = 0;  ///< 1 - cosine to the nearest known question; 0: unknown
};

/// `model_type` in the config.json of a model of our own format.
constexpr const char* kOwnModelType = "beholder";

/// First part of the names of the detector's parameters.
constexpr const char* kDetectorName = "object_detector";

/// Everything that decides a model's shape and handling, but not its weights.
struct ModelConfig {
  static constexpr std::int64_t kFormatVersion = 1;
  vision::VisionConfig vision;
  vision::ImageProcessorConfig image;
  text::TextConfig text;
  fusion::FusionConfig fusion;
  std::int64_t max_question_tokens = 64;
  bool imagenet_head = false;  ///< the stem's own classifier is stored beside it
  CalibrationConfig calibration;
  std::optional<DescriptionCalibration> description_calibration;
  program::Lexicon lexicon;  ///< what the detector tells things by; empty without one
  std::optional<vision::DetectorConfig> detector;
  std::optional<PhotoObjectsConfig> photo_objects;  ///< beside a detector
  std::optional<NamesConfig> names;                 ///< beside an ImageNet head and photo_objects
  std::optional<fusion::ReasonerConfig> reasoner;
};

/// Reads `config` strictly: every key known, typed and within its range.
/// @throws Error kModelFormat (or the code that `config` carries)
ModelConfig read_model_config(const io::Config& config);

/// The file `directory`/config.json. @throws Error kFileNotFound, kFileAccess, kModelFormat
ModelConfig load_model_config(const std::filesystem::path& directory);

/// The same as JSON text, readable by `read_model_config`.
std::string write_model_config(const ModelConfig& config);

/// Copies what stands beside a model's weights: vocabularies, names, and the weights of
/// `PhotoObjects`.
void copy_companions(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace beholder::engine
