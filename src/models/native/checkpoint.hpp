// The parts of one model put together from its configuration and its parameters.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <optional>

#include "fusion/fusion_decoder.hpp"
#include "models/native/config.hpp"
#include "models/weight_report.hpp"
#include "nn/parameters.hpp"
#include "program/grammar.hpp"
#include "scene/answer_scorer.hpp"
#include "scene/answerer.hpp"
#include "scene/ground_gate.hpp"
#include "scene/name_answerer.hpp"
#include "scene/photo_objects.hpp"
#include "scene/scene_view.hpp"
#include "text/output_vocabulary.hpp"
#include "text/text_encoder.hpp"
#include "text/wordpiece_tokenizer.hpp"
#include "vision/vision_encoder.hpp"

namespace beholder::models::native {

/// The networks of a model: the same for training and inference.
struct Networks {
  Networks(nn::ParameterSource& source, const ModelConfig& config);

  std::unique_ptr<vision::VisionEncoder> vision;
  text::TextEncoder text;
  fusion::FusionDecoder fusion;
  std::optional<nn::Linear> imagenet_head;  ///< (…, 1280) -> (…, 1000)
  std::optional<vision::ObjectDetector> detector;
  std::optional<fusion::Reasoner> reasoner;

 private:
  Networks(nn::ParameterSource& source, const ModelConfig& config,
           std::future<std::unique_ptr<vision::VisionEncoder>> begun);
};

/// A folder of this family, loaded for inference: config.json, vocab.txt, tokenizer_config.json,
/// output_vocab.txt, model.safetensors; with a reasoner also reasoner_vocab.txt, with photos'
/// objects photo_objects.safetensors, with names names.json, with an answer scorer
/// answer_scorer.json and answer_scorer.safetensors, with reading text_detection.safetensors,
/// text_recognition.safetensors and characters.txt.
struct Checkpoint {
  Checkpoint(ModelConfig its_config, text::WordPieceTokenizer its_tokenizer,
             text::OutputVocabulary its_vocabulary, Networks its_networks)
      : config(std::move(its_config)),
        tokenizer(std::move(its_tokenizer)),
        vocabulary(std::move(its_vocabulary)),
        networks(std::move(its_networks)) {}

  ModelConfig config;
  text::WordPieceTokenizer tokenizer;
  text::OutputVocabulary vocabulary;
  Networks networks;
  std::uint64_t weight_bytes = 0;                             ///< of all its safetensors
  std::optional<text::OutputVocabulary> reasoner_vocabulary;  ///< with a reasoner
  std::optional<program::Grammar> grammar;                    ///< over the same words
  /// What training pictures and questions looked like (models/confidence.hpp); undefined when the
  /// model was not calibrated.
  at::Tensor picture_mean, picture_centroids, question_centroids;
  /// What scenes look like, less the same mean: how models without a gate tell them from photos.
  at::Tensor scene_centroids;
  std::unique_ptr<const scene::PhotoObjects> photo_objects;  ///< null for a model without
  std::unique_ptr<const scene::NameAnswerer> names;          ///< null for a model without
  std::unique_ptr<const scene::AnswerScorer> answer_scorer;  ///< null for a model without
  std::unique_ptr<const scene::TextReader> reader;           ///< null for a model without
  scene::GroundGate
      ground_gate;  ///< tells photos, scenes and other pictures apart; undefined: not fit

  /// What objects are found with. Only for a model with a detector; refers to this.
  scene::Detectors detectors(const vision::ImageProcessor& processor) const;
  /// What questions are reasoned about with. Only for a model with a reasoner; refers to this.
  scene::ReasoningParts reasoning() const;
};

/// Every tensor of the folder. @throws Error as `load_checkpoint`
io::SafetensorsFile all_weights(const std::filesystem::path& directory);

/// Options of `load_checkpoint`.
struct LoadOptions {
  bool compute_int8 = false;  ///< multiply the decoder's int8 matrices as int8, not expanded
};

/// @throws Error kFileNotFound, kFileAccess, kModelFormat: any part missing, damaged, left over or
/// of sizes that do not fit one another.
Checkpoint load_checkpoint(const std::filesystem::path& directory, const LoadOptions& options = {});

/// The folder is loaded, vocabularies and all, which is strict: what is missing or left over is
/// thrown, damage reported.
void verify_weights(const std::filesystem::path& directory, WeightReport& out);

}  // namespace beholder::models::native
