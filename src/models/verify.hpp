// Whether a model's folder holds what it should: every tensor, sane values, the files that were
// written.
#pragma once

#include <filesystem>

#include "models/weight_report.hpp"

namespace beholder::models {

/// Checks every tensor of the folder against what its model declares, its values, and the files
/// against their checksums where there are any.
/// @throws Error as `Family::load`, but for what the report can say
WeightReport verify_model(const std::filesystem::path& directory);

/// Writes the folder's checksums (io/checksums.hpp), of weights that are sound.
/// @throws Error as `verify_model`; kModelFormat for weights that it finds fault with
void store_checksums(const std::filesystem::path& directory);

}  // namespace beholder::models
