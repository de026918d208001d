// The optimisation loop: mixed datasets, AdamW, warm-up and cosine, EMA, resumable checkpoints.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "train/train_config.hpp"

namespace beholder::train {

/// Trains until the last stage ends, going on from `run`/checkpoint.safetensors if there is one.
/// At each checkpoint the averaged (EMA) weights are written as a loadable model directory
/// `run`/model (float; see `export_model` for the compact form).
/// @throws Error kDataFormat (configuration, rows, pictures), kModelFormat (weights, a checkpoint
/// of another configuration), kFileAccess (disk), kCancelled after a last checkpoint
void train(const TrainConfig& config, const TrainControl& control = {});

}  // namespace beholder::train
