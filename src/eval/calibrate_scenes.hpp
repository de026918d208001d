// Fits what a model believes of scenes: of the objects it sees and of the programs it runs on them.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

namespace beholder::eval {

constexpr std::size_t kLeastCalibrationRows = 300;

struct SceneCalibration {
  std::size_t pictures = 0, peaks = 0, questions = 0;  ///< fitted on
  double slope = 1, offset = 0;                        ///< of the detector's peaks
  double min_confidence = 0;                           ///< that gives the best F1 of whole objects
  double f1 = 0;                                       ///< there
  double program_slope = 1, program_offset = 0;
  double ece = 0, ece_chance = 0;  ///< of programs' answers, after the fit
  double accuracy = 0;             ///< of programs that came to their end
};

/// Reads the model in `from`, fits on scenes and questions that it was not trained on, and writes
/// the model to `to` (which may be the same: see OutputFolder), all of it or nothing.
/// @param folders as `beholder world render` makes them: scenes.jsonl, questions.jsonl, pictures
/// @param least_rows fewer objects or questions are refused
/// @param progress done and all; may return false to stop
/// @throws Error kUnsupported for a model without detector or reasoner, kDataFormat for too few
///   objects or questions
SceneCalibration calibrate_scenes(const std::filesystem::path& from,
                                  const std::filesystem::path& to,
                                  const std::vector<std::filesystem::path>& folders,
                                  const std::function<bool(std::size_t, std::size_t)>& progress,
                                  std::size_t least_rows = kLeastCalibrationRows);

}  // namespace beholder::eval
