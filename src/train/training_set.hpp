// Datasets as the trainer draws from them: pictures with what is said and asked about each.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "train/train_config.hpp"

namespace beholder::train {

/// A question with its answers and how many people gave each.
struct Question {
  std::string text;  ///< as asked
  std::vector<std::pair<std::string, int>> answers;
};

/// Everything known about one picture.
struct PictureExamples {
  std::filesystem::path image;
  std::vector<std::string> captions;
  std::vector<Question> questions;
};

/// One dataset, read: pictures in order of first mention, split by a hash of their names.
struct TrainingSet {
  DatasetConfig config;
  std::vector<PictureExamples> pictures;  ///< to train on
  std::vector<PictureExamples> held_out;  ///< never trained on
  std::vector<Question> texts;            ///< questions without a picture
};

/// Reads all files of a dataset; answers become natural text ("garbage bin").
/// @throws Error as the readers of src/data
TrainingSet read_training_set(const DatasetConfig& config);

/// The captions and answers of all sets, each time they come, for an output vocabulary. Of texts
/// without pictures the answers that 3 people gave.
std::vector<std::pair<std::string, std::int64_t>> texts_to_write(
    const std::vector<TrainingSet>& sets);

}  // namespace beholder::train
