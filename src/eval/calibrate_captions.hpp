// Fits the confidence of descriptions, and when a model is not sure what a picture shows.
#pragma once

#include <filesystem>
#include <functional>
#include <vector>

#include "data/dataset_row.hpp"
#include "models/description_confidence.hpp"

namespace beholder::eval {

struct CaptionCalibrationOptions {
  double precision = 0.75;          ///< of the words given, at least this share shall be supported
  std::size_t least_pictures = 50;  ///< fewer photos are refused
  std::uint64_t seed = 1;
};

struct CaptionCalibration {
  models::DescriptionCalibration calibration;
  std::size_t pictures = 0, words = 0;  ///< fit on: photos, and content words of their descriptions
  double supported = 0;                 ///< share of these words
  /// Of each fifth by a model that was fit without it: calibration error of words and, against the
  /// share of its words that are supported, of descriptions; by chance that of words would be.
  double ece = 0, ece_chance = 0, ece_descriptions = 0;
  double given = 0;            ///< share of the photos whose description is given, held out alike
  double supported_given = 0;  ///< share of the words given that are supported
  std::size_t nothing = 0;     ///< pictures of nothing that were looked at
};

/// Describes each picture as the model does unasked, fits the words' probabilities of being
/// supported (`WordSupport`) by people's captions, and writes the model to `to` (which may be the
/// same). The threshold is the lowest at which `precision` holds on held-out photos and no picture
/// of `nothing`, nor a plain black, grey or white one, nor noise, gets a description. Pictures that
/// the model takes for a scene or for no photo are left out: they are not described by these words.
/// @param progress done and all; may return false to stop
/// @throws Error kDataFormat for too few photos or captions, kFileNotFound without WordNet,
///   kUnsupported for published models
CaptionCalibration calibrate_captions(
    const std::filesystem::path& from, const std::filesystem::path& to,
    const std::vector<data::CaptionRow>& rows, const std::vector<std::filesystem::path>& nothing,
    const CaptionCalibrationOptions& options,
    const std::function<bool(std::size_t, std::size_t)>& progress);

}  // namespace beholder::eval
