// Which family a model's folder is of, by its config.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder::models {

struct Identity {
  std::string config;                      ///< path of config.json, for messages
  std::string model_type;                  ///< empty where it says none
  std::vector<std::string> architectures;  ///< empty where it names none
};

/// @throws Error as `io::check_model_folder` for what is no model's folder; kFileAccess;
/// kModelFormat for a config.json that names neither
Identity identity_of(const std::filesystem::path& directory);

}  // namespace beholder::models
