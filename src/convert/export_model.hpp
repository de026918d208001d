// Model folders of the bundled family in their compact form, and put together from parts.
#pragma once

#include <filesystem>
#include <vector>

namespace beholder::convert {

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

}  // namespace beholder::convert
