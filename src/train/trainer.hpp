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

/// How `export_model` stores weights.
enum class StorageType { kFloat32, kInt8 };

/// Writes a model directory from another: with kInt8 matrices and embeddings become int8 with one
/// scale a row, everything else fp16. Atomic file by file.
void export_model(const std::filesystem::path& from, const std::filesystem::path& to,
                  StorageType storage);

/// Writes the model directory that has all of `base` and, from each of `parts` (see `save_part`),
/// what it was trained to be: its tensors, its sections of config.json and its words. What `base`
/// has of a part is replaced; tensors are stored as `export_model` does with kInt8.
/// @throws Error kModelFormat when the parts' lexicons differ from one another
void join_model(const std::filesystem::path& base, const std::vector<std::filesystem::path>& parts,
                const std::filesystem::path& to);

/// Writes the model directory whose trained weights are the means of several models' (Wortsman et
/// al. 2022, "model soups"); they must be fine-tuned from the same one, with the same
/// configuration and vocabularies. Float models alone. @throws Error kModelFormat, kUsage
void average_models(const std::vector<std::filesystem::path>& from,
                    const std::filesystem::path& to);

}  // namespace beholder::train
