// Fits how certain a model is of photos' objects, and from where on they are listed.
#pragma once

#include <filesystem>
#include <functional>

namespace beholder::eval {

/// Fewer objects in the rows are refused.
constexpr std::size_t kLeastPhotoObjects = 300;

struct PhotoCalibration {
  std::size_t pictures = 0;        ///< read
  std::size_t there = 0;           ///< objects in them
  std::size_t seen = 0;            ///< claims that were fit on
  double min_confidence = 0;       ///< that gives the best F1
  double f1 = 0;                   ///< there
  double held_out_f1 = 0;          ///< of each fifth with confidences and threshold of the others
  double ece = 0, ece_chance = 0;  ///< of claims, each by the fit without its fifth
};

/// Reads the model in `from`, fits `photo_objects` of its config.json on photos with all their
/// boxes that the detector was not trained on, and writes the model to `to` (which may be the same:
/// see OutputFolder), all of it or nothing.
/// @param rows as `data::read_objects_jsonl` reads them
/// @param progress done and all; may return false to stop
/// @throws Error kUnsupported for a model without `photo_objects`, kDataFormat for too few objects
PhotoCalibration calibrate_photos(const std::filesystem::path& from,
                                  const std::filesystem::path& to,
                                  const std::filesystem::path& rows,
                                  const std::function<bool(std::size_t, std::size_t)>& progress,
                                  std::size_t least_objects = kLeastPhotoObjects);

}  // namespace beholder::eval
