// The optimisation loop: mixed datasets, AdamW, warm-up and cosine, EMA, resumable checkpoints.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "train/train_config.hpp"

namespace beholder::train {

/// What the trainer reports while it runs.
struct TrainReport {
  std::string phase;      ///< "pictures", "questions", "train", "validate", "fit", "validate_fit"
  std::int64_t done = 0;  ///< pieces or steps
  std::int64_t all = 0;
  double caption_loss = 0;  ///< means since the last report, nats a token
  double answer_loss = 0;
  double caption_reward = 0;  ///< mean CIDEr-D of self-critical samples, 0 to 10; 0: none drawn
  double loss = 0;            ///< of "fit"
  double learning_rate = 0;
  double steps_per_second = 0;
  double seconds_left = 0;
  std::string text;  ///< a line about a validation
};

struct TrainControl {
  std::function<void(const TrainReport&)> report;  ///< may be empty
  std::function<bool()> cancelled;                 ///< asked after each step; may be empty
};

/// Trains until the last stage ends, going on from `run`/checkpoint.safetensors if there is one.
/// At each checkpoint the averaged (EMA) weights are written as a loadable model directory
/// `run`/model (float; see `export_model` for the compact form).
/// @throws Error kDataFormat (configuration, rows, pictures), kModelFormat (weights, a checkpoint
/// of another configuration), kFileAccess (disk), kCancelled after a last checkpoint
void train(const TrainConfig& config, const TrainControl& control = {});

}  // namespace beholder::train
