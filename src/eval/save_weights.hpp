// What calibration adds to a model's weights.
#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "models/native/config.hpp"

namespace beholder::eval {

/// Writes the weights of the model in `from` to the folder `to` (which may be the same), without
/// tensors whose names begin with one of `dropped` and with those `added`, as fp32.
void save_weights(const std::filesystem::path& from, const std::filesystem::path& to,
                  const std::vector<std::string>& dropped,
                  const std::map<std::string, at::Tensor>& added);

/// Writes a new configuration to a model folder, and the checksums of all that it holds.
void save_config(const std::filesystem::path& to, const models::native::ModelConfig& config);

/// Writes a whole model folder: these weights, what else the model in `from` consists of, its new
/// configuration and the checksums of all.
void save_model(const std::filesystem::path& from, const std::filesystem::path& to,
                const models::native::ModelConfig& config,
                const std::vector<std::string>& dropped = {},
                const std::map<std::string, at::Tensor>& added = {});

}  // namespace beholder::eval
