// The state of a run on the disk: parameters, their averages and the optimiser's moments.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <string>

#include "io/safetensors.hpp"

namespace beholder::train {

/// Everything that the next step depends on; random numbers are functions of the step.
struct TrainState {
  std::int64_t step = 0;                      ///< steps finished
  std::string config_fingerprint;             ///< a checkpoint serves its own configuration alone
  std::map<std::string, at::Tensor> values;   ///< parameters
  std::map<std::string, at::Tensor> average;  ///< exponential moving average of the parameters
  std::map<std::string, at::Tensor> moment1;  ///< AdamW
  std::map<std::string, at::Tensor> moment2;
};

void save_checkpoint(const TrainState& state, const std::filesystem::path& path);

/// Fills the tensors of `state` in place (names and shapes must be the same) and its step.
/// @throws Error kModelFormat when the file is of another configuration or damaged
void load_checkpoint(const std::filesystem::path& path, TrainState& state);

/// The tensors on the CPU, without their gradients; those that are there already are not copied.
std::map<std::string, at::Tensor> on_cpu(const std::map<std::string, at::Tensor>& tensors);

/// Adds float tensors under `prefix` + name; they must live until the writer has written.
void add_tensors(io::SafetensorsWriter& writer, const std::string& prefix,
                 const std::map<std::string, at::Tensor>& tensors);

}  // namespace beholder::train
