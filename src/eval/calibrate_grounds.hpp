// Fits what tells photos, scenes and other pictures apart.
#pragma once

#include <array>
#include <filesystem>
#include <functional>
#include <vector>

#include "beholder/engine.hpp"
#include "data/ground_rows.hpp"
#include "scene/ground_gate.hpp"

namespace beholder::eval {

/// How pictures of one kind were taken, and how many there were.
struct GroundFigures {
  struct Row {
    std::size_t pictures = 0, scenes = 0, neither = 0;  ///< of `pictures`, taken for these
  };
  std::array<Row, scene::kPictureKinds> by_ground;   ///< in the order of data::kGroundNames
  std::vector<std::pair<std::string, Row>> by_kind;  ///< rows that say a "kind", by its name
  std::vector<std::string> unreadable;               ///< what was wrong with each picture left out
};

/// What the engine takes pictures for. @param progress may return false to stop (kCancelled)
/// @throws Error kUnsupported for a model without a detector
GroundFigures evaluate_grounds(const std::filesystem::path& model, const EngineOptions& options,
                               const std::filesystem::path& rows, std::int64_t limit,
                               const std::function<bool(std::size_t, std::size_t)>& progress);

struct GroundCalibration {
  std::size_t pictures = 0;   ///< read
  std::size_t looked_at = 0;  ///< of these, shown to the detector: the second classifier's
  double right = 0;           ///< share of the held-out fifth whose kind the first one says
  double scenes_kept = 0;     ///< of the held-out scenes
  double photos_taken = 0, neither_taken = 0;  ///< for scenes, of those held out
};

/// Fits the gate of the model in `from` and writes the model to `to` (which may be the same), in
/// place of centroids of scenes. The first classifier is a softmax regression on every picture, the
/// second a logistic regression on pictures that the first, fit without them, finds like scenes.
/// What is reported of the held-out fifth is of classifiers that were fit without it.
/// @param progress done and all; may return false to stop
/// @throws Error kUnsupported for a model without a detector, kDataFormat for fewer than 20
/// pictures
///   of any kind
GroundCalibration calibrate_grounds(const std::filesystem::path& from,
                                    const std::filesystem::path& to,
                                    const std::vector<data::GroundRow>& rows,
                                    const std::function<bool(std::size_t, std::size_t)>& progress);

}  // namespace beholder::eval
