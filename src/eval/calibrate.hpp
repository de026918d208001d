// Fits a model's confidence, its threshold for "I don't know" and its sense of what is familiar.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/dataset_row.hpp"
#include "models/native/config.hpp"

namespace beholder::eval {

/// Rows and pictures for `calibrate`; none of the held-out ones may have been trained on.
struct CalibrationData {
  std::vector<data::QaRow> held_out;  ///< questions with answers, as to be asked
  std::vector<data::QaRow> yes_no;  ///< held-out questions answered by yes or no, for those answers
  std::vector<std::filesystem::path> familiar_pictures;  ///< held out, of every kind trained on
  std::vector<std::string> familiar_questions;           ///< asked about them
  std::vector<std::filesystem::path> pictures;           ///< trained on
  std::vector<std::string> questions;                    ///< trained on
};

struct CalibrationOptions {
  double accuracy_answered = 0.5;  ///< answers that are given shall be right at least this often
  std::int64_t picture_centroids = 256;
  std::int64_t question_centroids = 512;
  double familiar_share = 0.99;  ///< of held-out pictures and questions that count as familiar
  bool answers_only = false;  ///< leave what is familiar as it is; needs no pictures and questions
  std::uint64_t seed = 1;
  std::size_t least_rows = 300;  ///< fewer held-out rows are refused
};

struct CalibrationReport {
  models::CalibrationConfig calibration;
  std::size_t rows = 0;
  std::size_t yes_no_rows = 0;  ///< 0: too few to fit on; yes and no are treated as all answers
  std::size_t number_rows = 0;  ///< the same of numbers
  double ece_before = 0, ece_after = 0, ece_chance = 0;
  double coverage = 0, accuracy_answered = 0;
};

/// Reads the model in `from`, fits, and writes the model with its calibration to `to` (which may be
/// the same: see OutputFolder), all of it or nothing. The logistic map is Platt's (1999), fit by
/// Newton's method on the log loss; known pictures and questions are summed up by spherical k-means
/// (Dhillon & Modha 2001).
/// @throws Error kDataFormat when there are too few rows to fit on
CalibrationReport calibrate(const std::filesystem::path& from, const std::filesystem::path& to,
                            const CalibrationData& data, const CalibrationOptions& options,
                            const std::function<bool(std::size_t, std::size_t)>& progress);

}  // namespace beholder::eval
