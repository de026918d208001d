#include "eval/calibrate_grounds.hpp"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <optional>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_folder.hpp"
#include "core/permutation.hpp"
#include "engine/engine_impl.hpp"
#include "eval/fit_softmax.hpp"
#include "eval/save_weights.hpp"
#include "models/native/config.hpp"
#include "models/native/native_model.hpp"
#include "nn/shape.hpp"
#include "scene/scene_evidence.hpp"
#include "vision/intake/image_decoder.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

using scene::GroundGate;
using scene::PictureKind;

constexpr std::size_t kLeastPictures = 20;
constexpr std::size_t kFolds = 5;
/// On standardised features.
constexpr double kGateL2 = 1e-2;
constexpr double kEvidenceL2 = 1e-3;
/// Pictures this much like scenes are what the second classifier learns from: more than it will be
/// asked about, or there were too few that are none.
constexpr double kLooked = 0.01;

bool is_scene(std::size_t ground) {
  return ground == static_cast<std::size_t>(PictureKind::kSolids) ||
         ground == static_cast<std::size_t>(PictureKind::kShapes);
}

/// One picture as both classifiers see it.
struct Seen {
  std::size_t ground = 0;
  std::size_t fold = 0;
  double p_scene = 0;  ///< by a first classifier that was fit without its fold
  bool right = false;  ///< the kind that this classifier says is the right one
  std::optional<scene::SceneCase> looked;
};

at::Tensor rows_of(const std::vector<Seen>& seen, const std::function<bool(const Seen&)>& wanted) {
  std::vector<std::int64_t> out;
  for (std::size_t i = 0; i < seen.size(); ++i)
    if (wanted(seen[i])) out.push_back(static_cast<std::int64_t>(i));
  return nn::id_tensor(out);
}

GroundGate fit_first(const at::Tensor& features, const at::Tensor& grounds,
                     const at::Tensor& rows) {
  const SoftmaxFit fit = fit_softmax(features.index_select(0, rows), grounds.index_select(0, rows),
                                     scene::kPictureKinds, kGateL2);
  GroundGate out;
  out.weight = fit.weight;
  out.bias = fit.bias;
  return out;
}

/// Fits both rows of the second classifier on what `wanted` lets through. One of which there is but
/// one class says what the first classifier says.
void fit_second(const std::vector<Seen>& seen, const std::function<bool(const Seen&)>& wanted,
                GroundGate& gate) {
  constexpr auto kInputs = static_cast<std::int64_t>(scene::kSceneEvidence) + 1;
  gate.evidence_weight = at::zeros({2, kInputs});
  gate.evidence_bias = at::zeros({2});
  for (std::int64_t row = 0; row < 2; ++row) {
    const scene::Ground ground = row == 0 ? scene::Ground::kSolid : scene::Ground::kFlat;
    std::vector<at::Tensor> inputs;
    std::vector<std::int64_t> scenes;
    for (const Seen& one : seen) {
      if (!one.looked || !one.looked->objects || one.looked->ground != ground || !wanted(one))
        continue;
      const std::vector<double>& evidence = one.looked->evidence;
      inputs.push_back(at::tensor(std::vector<float>(evidence.begin(), evidence.end())));
      scenes.push_back(is_scene(one.ground) ? 1 : 0);
    }
    const auto there = std::count(scenes.begin(), scenes.end(), 1);
    if (there < 2 || there + 2 > static_cast<std::int64_t>(scenes.size())) {
      gate.evidence_weight[row][kInputs - 1] = 1;
      continue;
    }
    const SoftmaxFit fit = fit_softmax(at::stack(inputs), nn::id_tensor(scenes), 2, kEvidenceL2);
    gate.evidence_weight[row] = fit.weight[1] - fit.weight[0];
    gate.evidence_bias[row] = fit.bias[1] - fit.bias[0];
  }
}

bool taken_for_scene(const GroundGate& gate, const Seen& one) {
  return one.looked && scene::is_scene(gate, *one.looked);
}

/// The pictures, read twice: for the first classifier, and for the detector those like scenes.
class Pictures {
 public:
  Pictures(const models::native::NativeModel& model, const Engine& engine,
           const std::vector<data::GroundRow>& rows,
           const std::function<bool(std::size_t, std::size_t)>& progress)
      : model_(model), engine_(engine), rows_(rows), progress_(progress) {}

  at::Tensor features() {
    std::vector<at::Tensor> out;
    for (const data::GroundRow& row : rows_) {
      tell();
      const PreparedPicture prepared = prepare(row.image);
      const auto& pixels = model_.own_pixels(*prepared.pixels());
      out.push_back(model_.checkpoint().networks.vision->cells(pixels.pixel_values)[0].mean(0));
    }
    return at::stack(out);  // (n, C)
  }

  scene::SceneCase look(std::size_t i, double scene_logit) {
    go_on();
    const PreparedPicture prepared = prepare(rows_[i].image);
    const auto& pixels = model_.own_pixels(*prepared.pixels());
    scene::Look look{pixels.width, pixels.height};
    look.mirror = model_.mirror();
    const scene::Detectors detectors = model_.checkpoint().detectors(model_.processor());
    const auto found = scene::find_peaks(detectors, pixels.small, look);
    return scene::scene_case(found, detectors.lexicon, pixels.small, scene_logit);
  }

  void tell() {
    ++done_;
    go_on();
  }

  /// Asks whether to stop; looking takes as long as reading.
  void go_on() const {
    if (progress_ && !progress_(done_, rows_.size()))
      fail(ErrorCode::kCancelled, "calibration stopped");
  }

 private:
  PreparedPicture prepare(const fs::path& path) const {
    const std::vector<std::uint8_t> bytes = read_file_bytes(path);
    return engine_.prepare(bytes.data(), bytes.size(), path.string());
  }

  const models::native::NativeModel& model_;
  const Engine& engine_;
  const std::vector<data::GroundRow>& rows_;
  const std::function<bool(std::size_t, std::size_t)>& progress_;
  std::size_t done_ = 0;
};

void report_held_out(const std::vector<Seen>& seen, const GroundGate& gate,
                     GroundCalibration& out) {
  std::array<double, scene::kPictureKinds> all{}, taken{};
  double right = 0, held_out = 0;
  for (const Seen& one : seen) {
    if (one.fold != 0) continue;
    ++held_out;
    right += one.right ? 1 : 0;
    ++all[one.ground];
    taken[one.ground] += taken_for_scene(gate, one) ? 1 : 0;
  }
  out.right = right / std::max(1.0, held_out);
  out.photos_taken = taken[0] / std::max(1.0, all[0]);
  out.scenes_kept = (taken[1] + taken[2]) / std::max(1.0, all[1] + all[2]);
  out.neither_taken = taken[3] / std::max(1.0, all[3]);
}

}  // namespace

GroundCalibration calibrate_grounds(const fs::path& from, const fs::path& to,
                                    const std::vector<data::GroundRow>& rows,
                                    const std::function<bool(std::size_t, std::size_t)>& progress) {
  std::array<std::size_t, scene::kPictureKinds> there{};
  for (const data::GroundRow& row : rows) ++there[row.ground];
  for (std::size_t kind = 0; kind < there.size(); ++kind)
    check(there[kind] >= kLeastPictures, ErrorCode::kDataFormat, there[kind],
          " pictures have the ground \"", data::kGroundNames[kind], "\"; fitting needs ",
          kLeastPictures, " or more of each");
  GroundCalibration out;
  GroundGate gate;
  {
    const auto model = models::native::load_native(from, "be calibrated");
    const Engine engine = engine::engine_over(model);
    check(model->checkpoint().networks.detector.has_value(), ErrorCode::kUnsupported, from.string(),
          ": this model has no detector and knows no scenes; join one to it first (beholder model "
          "join)");
    const c10::InferenceMode inference;
    Pictures pictures(*model, engine, rows, progress);
    const at::Tensor features = pictures.features();
    std::vector<Seen> seen(rows.size());
    std::vector<std::int64_t> grounds;
    const auto order = permutation(static_cast<std::int64_t>(rows.size()), 1);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      seen[i].ground = rows[i].ground;
      seen[static_cast<std::size_t>(order[i])].fold = i % kFolds;
      grounds.push_back(static_cast<std::int64_t>(rows[i].ground));
    }
    const at::Tensor truth = nn::id_tensor(grounds);
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      const GroundGate without = fit_first(
          features, truth, rows_of(seen, [&](const Seen& one) { return one.fold != fold; }));
      for (std::size_t i = 0; i < seen.size(); ++i) {
        if (seen[i].fold != fold) continue;
        const auto kinds = scene::picture_kinds(without, features[static_cast<std::int64_t>(i)]);
        seen[i].p_scene = kinds[1] + kinds[2];
        seen[i].right = std::max_element(kinds.begin(), kinds.end()) - kinds.begin() ==
                        static_cast<std::ptrdiff_t>(seen[i].ground);
        if (seen[i].p_scene >= kLooked)
          seen[i].looked = pictures.look(i, scene::scene_logit(kinds));
        out.looked_at += seen[i].looked ? 1 : 0;
      }
    }
    GroundGate without;
    fit_second(
        seen, [](const Seen& one) { return one.fold != 0; }, without);
    report_held_out(seen, without, out);
    gate = fit_first(features, truth, rows_of(seen, [](const Seen&) { return true; }));
    fit_second(
        seen, [](const Seen&) { return true; }, gate);
  }
  out.pictures = rows.size();
  const auto name = [](const char* last) { return concat(scene::kGroundGateName, ".", last); };
  OutputFolder written(to);
  save_model(from, written.temporary(), models::native::load_model_config(from),
             {concat(scene::kGroundGateName, "."), "familiarity.scene_centroids"},
             {{name("weight"), gate.weight},
              {name("bias"), gate.bias},
              {name("evidence_weight"), gate.evidence_weight},
              {name("evidence_bias"), gate.evidence_bias}});
  written.publish();
  return out;
}

}  // namespace beholder::eval
