// What a check of a model's weights found.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "io/checksums.hpp"
#include "io/safetensors.hpp"
#include "models/weight_damage.hpp"
#include "nn/parameters.hpp"

namespace beholder::models {

struct WeightReport {
  std::string family;                  ///< the architecture, or the family where it has one alone
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

/// Compares what a network declares with what is stored, and loads nothing. Fills all but the
/// family and the checksums.
/// @param declare makes the network from the parameters that it is given
void compare_weights(const io::SafetensorsFile& stored,
                     const std::function<void(nn::ParameterSource&)>& declare, WeightReport& out);

}  // namespace beholder::models
