#include "eval/calibrate_photos.hpp"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/logistic.hpp"
#include "core/output_folder.hpp"
#include "core/permutation.hpp"
#include "engine/engine_impl.hpp"
#include "eval/evaluate_objects.hpp"
#include "eval/fit_softmax.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/save_weights.hpp"
#include "models/native/config.hpp"
#include "models/native/native_model.hpp"
#include "nn/shape.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

using Calibration = scene::PhotoObjectsConfig::Calibration;

constexpr std::size_t kFolds = 5;
constexpr double kL2 = 1e-3;  // on standardised features

/// A thing that the detector claims.
struct Claim {
  std::size_t fold = 0;
  bool small = false;
  std::vector<double> evidence;
  bool right = false;
};

struct Fit {
  Calibration small, large;

  double confidence(const Claim& claim) const {
    return sigmoid((claim.small ? small : large).logit(claim.evidence));
  }
};

std::vector<Claim> claims_of(const scene::PhotoObjects& detector,
                             const models::native::NativePicture& encoded,
                             const data::PictureObjects& row, bool mirror) {
  std::vector<Claim> out;
  std::vector<Object> found;
  for (const vision::MergedBox& one : detector.claims(encoded.photo, mirror)) {
    out.push_back({0, scene::is_small(one), scene::evidence_of(one), false});
    Object object;
    object.name = detector.config().names[one.kind];
    object.box = {one.box[0] * encoded.width, one.box[1] * encoded.height,
                  one.box[2] * encoded.width, one.box[3] * encoded.height};
    found.push_back(std::move(object));
  }
  const std::vector<bool> right = match_boxes(found, row);
  for (std::size_t i = 0; i < out.size(); ++i) out[i].right = right[i];
  return out;
}

Calibration fit_one(const std::vector<const Claim*>& claims) {
  std::vector<at::Tensor> inputs;
  std::vector<std::int64_t> right;
  for (const Claim* claim : claims) {
    inputs.push_back(
        at::tensor(std::vector<float>(claim->evidence.begin(), claim->evidence.end())));
    right.push_back(claim->right ? 1 : 0);
  }
  const auto there = static_cast<std::size_t>(std::count(right.begin(), right.end(), 1));
  check(there > 0 && there < right.size(), ErrorCode::kDataFormat, there, " of ", right.size(),
        " claims are right; calibration needs some that are and some that are not: name more rows");
  const SoftmaxFit fit = fit_softmax(at::stack(inputs), nn::id_tensor(right), 2, kL2);
  Calibration out;
  for (std::int64_t i = 0; i < fit.weight.size(1); ++i)
    out.slopes.push_back((fit.weight[1][i] - fit.weight[0][i]).item<double>());
  out.offset = (fit.bias[1] - fit.bias[0]).item<double>();
  // That weighs right claims as much as all others; how often they are right is fit after it.
  std::vector<double> sums, correct;
  for (const Claim* claim : claims) {
    sums.push_back(out.logit(claim->evidence));
    correct.push_back(claim->right ? 1 : 0);
  }
  const auto [slope, offset] = fit_logistic(sums, correct);
  for (double& one : out.slopes) one *= slope;
  out.offset = slope * out.offset + offset;
  return out;
}

/// @param without a fold that is left out; kFolds: none
Fit fit_all(const std::vector<Claim>& claims, std::size_t without) {
  std::vector<const Claim*> small, large;
  for (const Claim& claim : claims)
    if (claim.fold != without) (claim.small ? small : large).push_back(&claim);
  return {fit_one(small), fit_one(large)};
}

/// The confidence from which on F1 is best, and that F1.
/// @param without as above  @param there objects, seen or not
std::pair<double, double> best_threshold(const std::vector<Claim>& claims, const Fit& fit,
                                         std::size_t without, std::size_t there) {
  std::vector<std::pair<double, bool>> sorted;
  for (const Claim& claim : claims)
    if (claim.fold != without) sorted.emplace_back(fit.confidence(claim), claim.right);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a > b; });
  double right = 0;
  std::pair<double, double> best{1, 0};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    right += sorted[i].second ? 1 : 0;
    const double f1 = 2 * right / static_cast<double>(i + 1 + there);
    if (f1 > best.second) best = {sorted[i].first, f1};
  }
  return best;
}

void hold_out(const std::vector<Claim>& claims, const std::array<std::size_t, kFolds>& there,
              PhotoCalibration& out) {
  std::vector<double> confidences, correct;
  double right = 0, listed = 0;
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const Fit fit = fit_all(claims, fold);
    const double least = best_threshold(claims, fit, fold, out.there - there[fold]).first;
    for (const Claim& claim : claims) {
      if (claim.fold != fold) continue;
      const double confidence = fit.confidence(claim);
      confidences.push_back(confidence);
      correct.push_back(claim.right ? 1 : 0);
      if (confidence < least) continue;
      ++listed;
      right += claim.right ? 1 : 0;
    }
  }
  out.held_out_f1 = 2 * right / (listed + static_cast<double>(out.there));
  out.ece = expected_calibration_error(confidences, correct);
  out.ece_chance = chance_calibration_error(confidences).mean;
}

}  // namespace

PhotoCalibration calibrate_photos(const fs::path& from, const fs::path& to, const fs::path& rows,
                                  const std::function<bool(std::size_t, std::size_t)>& progress,
                                  std::size_t least_objects) {
  models::native::ModelConfig config = models::native::load_model_config(from);
  check(config.photo_objects.has_value(), ErrorCode::kUnsupported, from.string(),
        ": this model has no detector of photos to be calibrated (photo_objects in config.json)");
  const std::vector<data::PictureObjects> photos = data::read_objects_jsonl(rows);
  PhotoCalibration out;
  out.pictures = photos.size();
  std::array<std::size_t, kFolds> there{};
  std::vector<Claim> claims;
  {
    const auto model = models::native::load_native(from, "be calibrated");
    const Engine engine = engine::engine_over(model);
    const c10::InferenceMode inference;
    const scene::PhotoObjects& detector = *model->checkpoint().photo_objects;
    const auto order = permutation(static_cast<std::int64_t>(photos.size()), 1);
    for (std::size_t i = 0; i < photos.size(); ++i) {
      if (progress && !progress(i, photos.size()))
        fail(ErrorCode::kCancelled, "calibration stopped");
      const std::size_t fold = static_cast<std::size_t>(order[i]) % kFolds;
      for (const data::ObjectRow& object : photos[i].objects) there[fold] += object.box ? 1 : 0;
      const Picture picture = engine.encode(photos[i].image);
      for (Claim& claim : claims_of(detector, model->own_picture(*picture.encoded()), photos[i],
                                    model->mirror())) {
        claim.fold = fold;
        claims.push_back(std::move(claim));
      }
    }
  }
  for (const std::size_t objects : there) out.there += objects;
  check(out.there >= least_objects, ErrorCode::kDataFormat, rows.string(), ": ", out.there,
        " objects with boxes; calibration needs ", least_objects, " or more: name more rows");
  out.seen = claims.size();
  hold_out(claims, there, out);
  const Fit fit = fit_all(claims, kFolds);
  std::tie(out.min_confidence, out.f1) = best_threshold(claims, fit, kFolds, out.there);
  config.photo_objects->small = fit.small;
  config.photo_objects->large = fit.large;
  config.photo_objects->min_confidence = out.min_confidence;
  OutputFolder written(to);
  save_model(from, written.temporary(), config);
  written.publish();
  return out;
}

}  // namespace beholder::eval
