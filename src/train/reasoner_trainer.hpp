// Training of the reasoner: programs from questions, and answers from questions and objects.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "fusion/reasoner.hpp"
#include "train/fit.hpp"

namespace beholder::train {

struct ReasonerTrainConfig {
  std::filesystem::path base;  ///< model directory whose words and word vectors are used
  /// A reasoner of the same width to begin with; empty: random. Layers, words and features of
  /// objects that it lacks begin at random.
  std::filesystem::path initial;
  std::vector<std::filesystem::path> official;  ///< folders whose questions are renamed when drawn
  std::vector<std::filesystem::path> own;       ///< folders whose questions are taken as they are
  std::vector<std::filesystem::path> worded;    ///< JSONL {"question", "program"}: no scenes
  std::vector<std::string> names;               ///< more values of "shape"
  std::int64_t held_out = 600;  ///< the last questions of each official folder, by scene
  std::int64_t programs_per_step = 48, answers_per_step = 96;
  double official_share = 0.5;  ///< of what is drawn
  double answer_weight = 1;     ///< of the answers' loss beside the programs'
  /// Of naming, at each object, the program's sets that it is in, while answers are learned (see
  /// `step_targets`); the head that does so is not kept.
  double step_weight = 0;
  double dropout = 0.1;
  std::int64_t threads = 0;  ///< 0: all cores
  fusion::ReasonerConfig reasoner;
  FitOptions fit;
};

/// A file with "kind": "reasoner". @throws Error kDataFormat naming the key
ReasonerTrainConfig load_reasoner_train_config(const std::filesystem::path& path);

/// Trains and writes `run`/model: model.safetensors with the reasoner's parameters alone,
/// reasoner_vocab.txt, and config.json with the `reasoner` section.
/// @throws Error as `fit` and `read_reasoner_examples`
void train_reasoner(const ReasonerTrainConfig& config, const TrainControl& control);

}  // namespace beholder::train
