// The networks of a BLIP folder: their configuration, and what their weights are called.
#pragma once

#include <filesystem>
#include <optional>

#include "models/blip/blip_text.hpp"
#include "models/blip/blip_vision.hpp"
#include "models/weight_report.hpp"
#include "nn/linear.hpp"
#include "nn/parameters.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::models::blip {

/// config.json and preprocessor_config.json of a BLIP folder, as far as they decide anything here.
struct BlipConfig {
  enum class Task { kAnswer, kDescribe, kMatch };
  Task task = Task::kAnswer;
  BlipVisionConfig vision;
  BlipTextConfig text;
  std::int64_t image_text_hidden_size = 256;
  vision::ImageProcessorConfig image;
};

/// @throws Error kFileNotFound, kFileAccess, kModelFormat
BlipConfig load_blip_config(const std::filesystem::path& directory);

/// The networks of one checkpoint (modeling_blip.py: BlipForQuestionAnswering,
/// BlipForConditionalGeneration, BlipForImageTextRetrieval).
struct BlipNetworks {
  BlipNetworks(nn::ParameterSource& source, const BlipConfig& config);

  std::optional<BlipVisionModel> vision_model;  ///< always there
  std::optional<BlipTextModel> text_encoder, text_decoder;
  std::optional<nn::Linear> vision_proj, text_proj, itm_head;
};

/// The weights under the names that `BlipNetworks` declares: tied tensors once, buffers left out.
io::SafetensorsFile blip_weights(const io::SafetensorsFile& file, const BlipConfig& config);

/// The same of a folder. @throws Error as `io::open_weights`, `load_blip_config`
io::SafetensorsFile all_weights(const std::filesystem::path& directory);
void verify_weights(const std::filesystem::path& directory, WeightReport& out);

}  // namespace beholder::models::blip
