// Whether a model's folder holds what it should: every tensor, sane values, the files that were
// written.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/weight_damage.hpp"
#include "io/checksums.hpp"

namespace beholder::engine {

/// What a check of a folder found.
struct WeightReport {
  std::string family;                  ///< the architecture that config.json names, or "beholder"
  std::size_t tensors = 0;             ///< declared and found with their shapes
  std::vector<std::string> missing;    ///< "name: expected shape …", or of another shape
  std::vector<std::string> left_over;  ///< stored and not declared
  std::vector<TensorDamage> damage;    ///< values that no training wrote
  io::ChecksumReport checksums;        ///< of the folder's files

  bool fits() const { return missing.empty() && left_over.empty(); }
  bool good() const { return fits() && damage.empty() && checksums.differing.empty(); }
  /// The first thing that is wrong, and how many more are; empty when all is good.
  std::string first_fault() const;
};

/// Checks every tensor of the folder against what its model declares, its values, and the files
/// against their checksums where there are any.
/// @throws Error as `load_imported` or, for our own format, `load_model`, but for what the report
/// can say
WeightReport verify_model(const std::filesystem::path& directory);

/// Writes the folder's checksums (io/checksums.hpp), of weights that are sound.
/// @throws Error as `verify_model`; kModelFormat for weights that it finds fault with
void store_checksums(const std::filesystem::path& directory);

}  // namespace beholder::engine
