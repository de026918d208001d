// The weights of a model's folder, in whichever files they come.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "io/safetensors.hpp"

namespace beholder::io {

/// Opens the first that is there, in the order of Hugging Face's transformers: model.safetensors,
/// model.safetensors.index.json with its parts, pytorch_model.bin, pytorch_model.bin.index.json
/// with its parts. Of parts, every tensor that the index names must lie in the part that it names.
/// @throws Error kFileNotFound saying what the folder holds in their place, or which part is not
/// there; kModelFormat for an index that names files outside the folder, tensors that are not where
/// it says, and whatever the files themselves are refused for
SafetensorsFile open_weights(const std::filesystem::path& folder);

/// The files that `open_weights` reads, as names within the folder; empty when there are none.
/// @throws Error kModelFormat for an index that cannot be read
std::vector<std::string> weight_files(const std::filesystem::path& folder);

/// The files of the folder that decide what its model says: configurations, vocabularies, weights.
/// @throws Error as `weight_files`
std::vector<std::string> model_files(const std::filesystem::path& folder);

}  // namespace beholder::io
