// The file that says how a model is trained.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/native/config.hpp"
#include "train/fit.hpp"

namespace beholder::train {

/// One source of training examples.
struct DatasetConfig {
  std::string name;
  std::vector<std::filesystem::path> captions;   ///< JSONL rows {"image", "captions"}
  std::vector<std::filesystem::path> questions;  ///< JSONL rows {"image", "question", "answer"}
  std::vector<std::filesystem::path> more_questions;  ///< as `questions`, for training alone
  std::vector<std::filesystem::path> texts;  ///< questions without pictures (VQA v2 counts)
  std::int64_t pictures_per_step = 16;
  std::int64_t captions_per_picture = 5;
  std::int64_t questions_per_picture = 6;
  std::int64_t questions_per_step = 64;  ///< of `texts`
  std::int64_t views = 2;                ///< of each picture: whole, mirrored, then crops
  double crop_share = 0.2;               ///< of the draws that show a crop, where `views` has any
  std::int64_t rows = 0, columns = 0;    ///< cells that pictures are cut into; 0: the square
  std::int64_t held_out = 0;             ///< pictures kept for validation and calibration
};

/// A part of the run with its own learning rate and mix.
struct StageConfig {
  std::int64_t steps = 0;
  double learning_rate = 6e-4;  ///< the peak; warm-up before, cosine to zero after
  std::int64_t warmup_steps = 200;
  std::map<std::string, double> weights;  ///< sub-batches of each dataset a step, 0..1
  /// Above 0: captions are learned by self-critical training with so many samples a picture
  /// (train/self_critical.hpp).
  std::int64_t self_critical_samples = 0;
};

struct TrainConfig {
  models::native::ModelConfig model;
  std::filesystem::path initial;    ///< safetensors with starting weights; empty: none. An
                                    ///< output_vocab.txt beside it is kept
  std::filesystem::path tokenizer;  ///< folder of vocab.txt and tokenizer_config.json
  std::vector<std::string> frozen;  ///< prefixes of parameters that are not trained
  std::vector<DatasetConfig> datasets;
  std::vector<StageConfig> stages;
  FitOptions fit;                    ///< how to train; its schedule is that of the stages
  std::int64_t min_token_count = 4;  ///< rarer target tokens stay out of the output vocabulary
  double label_smoothing = 0.1;
  double dropout = 0.1;
  double cell_dropout = 0.25;  ///< share of picture cells left out of each step
  double token_dropout = 0;    ///< share of the written tokens that the decoder reads as [UNK]
  std::int64_t threads = 0;    ///< 0: all cores
  std::string device = "cpu";
  bool without_pictures = false;  ///< the question-only baseline: every picture is "no picture"
};

/// What a training file trains: "model", "detector", "reasoner" or "answer_scorer".
/// @throws Error kDataFormat for another kind
std::string config_kind(const std::filesystem::path& path);

/// Reads a training file; relative paths in it are relative to the current folder.
/// @throws Error kDataFormat naming the key
TrainConfig load_train_config(const std::filesystem::path& path);

}  // namespace beholder::train
