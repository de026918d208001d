// The families of models, a line each: how a folder becomes a model.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "io/safetensors.hpp"
#include "models/model.hpp"
#include "models/weight_report.hpp"

namespace beholder::models {

struct Family {
  std::string model_type;                  ///< as config.json names it
  std::vector<std::string> architectures;  ///< that config.json may name; empty: any or none
  std::function<std::unique_ptr<const Model>(const std::filesystem::path&, const EngineOptions&)>
      load;
  bool published = true;  ///< by others; false for our own format
  /// Its configuration as JSON text, checked and with defaults where the family has a format of its
  /// own.
  std::function<std::string(const std::filesystem::path&)> config;
  /// Files that a stored copy of the weights needs beside it, those that are there.
  std::vector<std::string> companions;
  /// The weights under the names that the family's networks declare.
  std::function<io::SafetensorsFile(const std::filesystem::path&)> weights;
  /// Compares the folder's weights with what its networks declare.
  std::function<void(const std::filesystem::path&, WeightReport&)> verify;
};

/// By `model_type`; without one by the only architecture that is named, or the family of folders
/// that name none. @throws Error as `identity_of`; kUnsupported for a family that is not here
const Family& family_of(const std::filesystem::path& directory);

}  // namespace beholder::models
