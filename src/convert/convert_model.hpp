// Published checkpoints stored in a smaller form.
#pragma once

#include <filesystem>
#include <string>

namespace beholder::convert {

/// What the weights become; int8 is per row for large matrices, fp16 for the rest.
enum class Precision { kFloat32, kFloat16, kBFloat16, kInt8 };

/// Writes the folder `from` (of a published family, see models/registry.hpp) to `to`, as one model.safetensors with the
/// texts beside it. Every tensor is checked first.
/// @throws Error kUsage when both are one folder; kModelFormat for weights that do not fit or are
/// not finite, or that do not fit fp16; kFileNotFound, kFileAccess
void convert_model(const std::filesystem::path& from, const std::filesystem::path& to,
                   Precision precision);

}  // namespace beholder::convert
