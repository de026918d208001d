// The optimisation loop of the small networks: AdamW, warm-up and cosine, averaged weights,
// checkpoints that survive a stop.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <functional>
#include <string>

#include "nn/parameters.hpp"
#include "train/checkpoint.hpp"
#include "train/trainer.hpp"

namespace beholder::train {

struct FitOptions {
  std::filesystem::path run;  ///< folder for the checkpoint
  std::string fingerprint;    ///< a checkpoint serves its own configuration alone
  std::int64_t steps = 1000;
  double learning_rate = 1e-3;  ///< the peak; warm-up before, cosine to zero after
  std::int64_t warmup_steps = 100;
  double weight_decay = 0.05;
  double clip_norm = 1.0;
  double ema_decay = 0.998;
  std::int64_t checkpoint_every = 500;
  std::int64_t validate_every = 500;
  std::uint64_t seed = 1;
};

/// What is fitted. The functions run with the parameters as they then are.
struct FitTask {
  std::function<at::Tensor(std::int64_t step)> loss;  ///< of one batch, the same for the same step
  std::function<std::string()> validate;              ///< a line about the averaged weights
  /// Stores a loadable model from the averaged weights.
  std::function<void(const std::map<std::string, at::Tensor>& average)> save;
};

/// Reads `run`, `seed`, `steps`, `learning_rate` and the rest; what is missing keeps its default.
FitOptions read_fit_options(const io::Config& config);

/// The weights to begin with: of a model directory, or none for an empty path.
std::optional<io::SafetensorsFile> initial_of(const std::filesystem::path& model);

/// Writes a part of a model that was trained by itself: `run`/model with model.safetensors (the
/// tensors alone) and config.json. `join_model` puts it into a whole one.
void save_part(const std::filesystem::path& run, const models::native::ModelConfig& config,
               const std::map<std::string, at::Tensor>& tensors);

/// Goes on from the checkpoint in `run` if there is one. @throws Error kModelFormat (a checkpoint
/// of another configuration), kFileAccess, kCancelled after a last checkpoint
void fit(const FitOptions& options, const nn::TrainableParameters& parameters, const FitTask& task,
         const TrainControl& control);

}  // namespace beholder::train
