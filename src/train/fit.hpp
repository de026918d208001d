// The optimisation loop of every network: AdamW, averaged weights, reports, validation, and
// checkpoints that survive a stop.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "io/config.hpp"
#include "models/native/config.hpp"
#include "nn/parameters.hpp"
#include "train/checkpoint.hpp"

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

using NamedTensors = std::map<std::string, at::Tensor>;

/// What is fitted. The functions run with the parameters as they then are.
struct FitTask {
  std::function<double(std::int64_t step)> learning_rate;  ///< empty: as FitOptions say
  /// Adds the gradients of one batch, the same for the same step.
  std::function<void(std::int64_t step)> backward;
  std::function<void(TrainReport&)> report;  ///< fills in phase and means since the last report
  std::function<std::vector<TrainReport>()> validate;  ///< of the averaged weights
  /// Stores a loadable model from the averaged weights.
  std::function<void(const NamedTensors& average)> save;
};

/// A task with one loss, which must be finite.
/// @param loss of one batch, the same for the same step
/// @param validate a line about the averaged weights  @param save as FitTask has it
FitTask loss_task(std::function<at::Tensor(std::int64_t step)> loss,
                  std::function<std::string()> validate,
                  std::function<void(const NamedTensors& average)> save);

/// @throws Error kDataFormat for a loss that is no number, or has no bound
void check_finite(double loss, std::int64_t step);

/// The cores that libtorch computes with. @param threads 0: all
void use_threads(std::int64_t threads);

/// A key's list of paths; empty without the key.
std::vector<std::filesystem::path> read_paths(const io::Config& config, const std::string& key);

/// Reads `run`, `seed` and what else is no part of the schedule; what is missing stays as it is.
void read_loop_options(const io::Config& config, FitOptions& options);

/// Reads the schedule (`steps`, `learning_rate`, `warmup_steps`) too.
FitOptions read_fit_options(const io::Config& config);

/// Writes a part of a model that was trained by itself: `run`/model with model.safetensors (the
/// tensors alone) and config.json. `join_model` puts it into a whole one.
void save_part(const std::filesystem::path& run, const models::native::ModelConfig& config,
               const NamedTensors& tensors);

/// Goes on from the checkpoint in `run` if there is one. @throws Error kModelFormat (a checkpoint
/// of another configuration), kFileAccess, kCancelled after a last checkpoint
void fit(const FitOptions& options, const nn::TrainableParameters& parameters, const FitTask& task,
         const TrainControl& control);

}  // namespace beholder::train
