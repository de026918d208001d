// config.json of a model directory.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "fusion/fusion_decoder.hpp"
#include "fusion/reasoner.hpp"
#include "io/config.hpp"
#include "models/confidence.hpp"
#include "models/description_confidence.hpp"
#include "models/identity.hpp"
#include "program/lexicon.hpp"
#include "scene/answer_scorer.hpp"
#include "scene/name_answerer.hpp"
#include "scene/photo_objects.hpp"
#include "scene/text_reader.hpp"
#include "text/text_encoder.hpp"
#include "vision/object_detector.hpp"
#include "vision/preprocess/image_processor.hpp"
#include "vision/vision_encoder.hpp"

namespace beholder::models::native {

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
  std::optional<scene::PhotoObjectsConfig> photo_objects;  ///< beside a detector
  std::optional<scene::NamesConfig> names;  ///< beside an ImageNet head and photo_objects
  bool answer_scorer = false;  ///< a scene::AnswerScorer in files of its own, beside names
  std::optional<fusion::ReasonerConfig> reasoner;
  std::optional<scene::ReadingConfig> reading;
};

/// Reads `config` strictly: every key known, typed and within its range.
/// @throws Error kModelFormat (or the code that `config` carries)
ModelConfig read_model_config(const io::Config& config);

/// The file `directory`/config.json. @throws Error kFileNotFound, kFileAccess, kModelFormat
ModelConfig load_model_config(const std::filesystem::path& directory);

/// The same as JSON text, readable by `read_model_config`.
std::string write_model_config(const ModelConfig& config);

/// What every model has beside its weights and its configuration.
constexpr const char* kVocabularies[] = {"vocab.txt", "tokenizer_config.json", "output_vocab.txt"};

/// What stands beside a model's main weights, by file name, as far as the folder has it:
/// vocabularies, names, and the files of `scene::PhotoObjects`, `AnswerScorer` and `TextReader`.
std::map<std::string, std::string> companions(const std::filesystem::path& folder);
/// Copies these. @throws Error kFileNotFound without the vocabularies that every model has
void copy_companions(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace beholder::models::native
