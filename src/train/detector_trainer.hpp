// Training of the object detector on scenes and, with a teacher's boxes, on photos.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/fit.hpp"
#include "vision/object_detector.hpp"

namespace beholder::train {

struct DetectorTrainConfig {
  std::filesystem::path base;  ///< model directory whose stem is used, frozen
  /// A detector of the same shape to begin with; empty: random.
  std::filesystem::path initial;
  std::vector<std::filesystem::path> scenes;    ///< folders of `beholder world render`
  std::vector<std::filesystem::path> held_out;  ///< the same, for validation
  /// JSONL rows {"image", "objects": [{"name", "box": [left, top, right, bottom], "confidence"}]},
  /// boxes in pixels of the upright picture.
  std::vector<std::filesystem::path> photos;
  std::int64_t scenes_per_step = 12, photos_per_step = 0;
  std::vector<std::string> names;  ///< that photos add to the lexicon's shapes
  std::int64_t threads = 0;        ///< 0: all cores
  vision::DetectorConfig detector;
  FitOptions fit;
};

/// A file with "kind": "detector". @throws Error kDataFormat naming the key
DetectorTrainConfig load_detector_train_config(const std::filesystem::path& path);

/// Trains and writes `run`/model: model.safetensors with the detector's parameters alone, and
/// config.json with its sections. @throws Error as `fit`, kDataFormat for rows, pictures' errors
void train_detector(const DetectorTrainConfig& config, const TrainControl& control);

}  // namespace beholder::train
