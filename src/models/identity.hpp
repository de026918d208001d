// Which family a model's folder is of, by its config.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder::models {

/// `model_type` in the config.json of a model of our own format.
constexpr const char* kOwnModelType = "beholder";

struct Identity {
  std::string config;                      ///< path of config.json, for messages
  std::string model_type;                  ///< empty where it says none
  std::vector<std::string> architectures;  ///< empty where it names none

  /// Whether it is of our own format, which needs no name.
  bool own() const {
    return model_type.empty() ? architectures.empty() : model_type == kOwnModelType;
  }
};

/// @throws Error as `io::check_model_folder` for what is no model's folder; kFileAccess;
/// kModelFormat for a config.json that names neither
Identity identity_of(const std::filesystem::path& directory);

}  // namespace beholder::models
