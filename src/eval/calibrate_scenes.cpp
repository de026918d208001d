#include "eval/calibrate_scenes.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include "core/check.hpp"
#include "core/logistic.hpp"
#include "core/output_folder.hpp"
#include "data/readers.hpp"
#include "engine/engine_impl.hpp"
#include "eval/evaluate_objects.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/metric_vqa.hpp"
#include "eval/save_weights.hpp"
#include "models/confidence.hpp"
#include "models/native/config.hpp"
#include "models/native/native_model.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

/// What became `p` under `calibrated(_, slope, offset)`, as a logit.
double logit_before(double p, double slope, double offset) {
  const double kept = std::clamp(p, 1e-9, 1 - 1e-9);
  return (std::log(kept / (1 - kept)) - offset) / slope;
}

/// Peaks of scenes, and which of them are objects.
struct Peaks {
  std::vector<double> logits, are_objects;
  std::vector<double> certainty, are_right;  ///< of the attributes
  std::size_t there = 0;
};

void add_peaks(const scene::SceneView& view, const data::PictureObjects& row,
               const vision::DetectorConfig& config, Peaks& out) {
  std::vector<bool> object(view.objects.size(), false), right(view.objects.size(), false);
  const auto matched = match_centers(view.objects, row);
  for (std::size_t i = 0; i < matched.size(); ++i) {
    if (matched[i] == kUnmatched) continue;
    object[matched[i]] = true;
    right[matched[i]] = same_attributes(view.objects[matched[i]], row.objects[i]);
  }
  out.there += row.objects.size();
  for (std::size_t i = 0; i < view.objects.size(); ++i) {
    out.logits.push_back(logit_before(view.there[i], config.slope, config.offset));
    out.are_objects.push_back(object[i] ? 1 : 0);
    out.certainty.push_back(view.objects[i].confidence / view.there[i]);
    out.are_right.push_back(right[i] ? 1 : 0);
  }
}

/// The least confidence with the best F1 of objects that are wholly right, and that F1.
std::pair<double, double> best_threshold(const Peaks& peaks, double slope, double offset) {
  std::vector<std::pair<double, double>> sorted;
  for (std::size_t i = 0; i < peaks.logits.size(); ++i)
    sorted.emplace_back(peaks.certainty[i] / (1 + std::exp(-(slope * peaks.logits[i] + offset))),
                        peaks.are_right[i]);
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a > b; });
  double right = 0;
  std::pair<double, double> best{1, 0};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    right += sorted[i].second;
    const double f1 = 2 * right / static_cast<double>(i + 1 + peaks.there);
    if (f1 > best.second) best = {sorted[i].first, f1};
  }
  return best;
}

Peaks peaks_of(const fs::path& folder, const std::vector<data::PictureObjects>& scenes,
               const vision::DetectorConfig& detector, const std::function<void()>& tell) {
  Peaks peaks;
  const auto model = models::native::load_native(folder, "be calibrated");
  const Engine engine = engine::engine_over(model);
  for (const data::PictureObjects& row : scenes) {
    tell();
    const Picture picture = engine.encode(row.image);
    const scene::SceneView& view = model->view(model->own_picture(*picture.encoded()));
    if (view.ground != scene::Ground::kPhoto) add_peaks(view, row, detector, peaks);
  }
  return peaks;
}

/// Of each question that a program answers: its confidence's logit before calibration, and 1 where
/// it is right.
struct Programs {
  std::vector<double> logits, correct;
};

Programs ask_by_program(const fs::path& folder, const std::vector<data::QaRow>& questions,
                        const models::CalibrationConfig& before,
                        const std::function<void()>& tell) {
  const Engine engine = Engine::load(folder);
  AnswerOptions asking;
  asking.min_confidence = 0;
  asking.method = Method::kProgram;
  std::map<std::string, Picture> encoded;
  Programs out;
  for (const data::QaRow& row : questions) {
    tell();
    const auto [found, added] = encoded.try_emplace(row.image.string());
    if (added) found->second = engine.encode(row.image);
    const Answer given = engine.answer(found->second, row.question, asking);
    // No program came to its end, or the confidence is not the program's alone.
    if (given.confidence <= 0 || !given.familiar) continue;
    const std::string wanted = data::label_to_answer(row.answers.front().first);
    out.logits.push_back(
        logit_before(given.confidence, before.program_slope, before.program_offset));
    out.correct.push_back(answers_match(given.top_k.front().answer, wanted) ? 1 : 0);
  }
  return out;
}

}  // namespace

SceneCalibration calibrate_scenes(const fs::path& from, const fs::path& to,
                                  const std::vector<fs::path>& folders,
                                  const std::function<bool(std::size_t, std::size_t)>& progress,
                                  std::size_t least_rows) {
  models::native::ModelConfig config = models::native::load_model_config(from);
  check(config.detector && config.reasoner, ErrorCode::kUnsupported, from.string(),
        ": this model has no detector and reasoner to be calibrated on scenes; join them to it "
        "first (beholder model join)");
  std::vector<data::PictureObjects> scenes;
  std::vector<data::QaRow> questions;
  for (const fs::path& folder : folders) {
    for (auto& row : data::read_objects_jsonl(folder / "scenes.jsonl"))
      scenes.push_back(std::move(row));
    for (auto& row : data::read_qa_jsonl(folder / "questions.jsonl"))
      questions.push_back(std::move(row));
  }
  std::size_t objects = 0;
  for (const data::PictureObjects& row : scenes) objects += row.objects.size();
  check(objects >= least_rows && questions.size() >= least_rows, ErrorCode::kDataFormat,
        "calibration needs ", least_rows, " objects and ", least_rows,
        " questions or more; these scenes have ", objects, " and ", questions.size(),
        ": name more of them");
  const std::size_t all = scenes.size() + questions.size();
  std::size_t done = 0;
  const auto tell = [&] {
    if (progress && !progress(++done, all)) fail(ErrorCode::kCancelled, "calibration stopped");
  };
  SceneCalibration out;
  const Peaks peaks = peaks_of(from, scenes, *config.detector, tell);
  out.pictures = scenes.size();
  out.peaks = peaks.logits.size();
  check(out.peaks >= least_rows, ErrorCode::kDataFormat, out.peaks,
        " objects were seen; calibration needs ", least_rows, " or more: name more scenes");
  std::tie(out.slope, out.offset) = fit_logistic(peaks.logits, peaks.are_objects);
  std::tie(out.min_confidence, out.f1) = best_threshold(peaks, out.slope, out.offset);
  config.detector->slope = out.slope;
  config.detector->offset = out.offset;
  config.detector->min_confidence = out.min_confidence;
  const models::CalibrationConfig before = config.calibration;
  OutputFolder written(to);
  save_model(from, written.temporary(), config);

  // Programs' confidences hang on the objects': ask the model as it is now.
  const Programs programs = ask_by_program(written.temporary(), questions, before, tell);
  const auto& [logits, correct] = programs;
  out.questions = logits.size();
  check(out.questions >= least_rows, ErrorCode::kDataFormat, out.questions,
        " questions were answered by program; calibration needs ", least_rows,
        " or more: name scenes with more questions");
  std::tie(out.program_slope, out.program_offset) = fit_logistic(logits, correct);
  std::vector<double> confidences;
  confidences.reserve(logits.size());
  for (const double x : logits)
    confidences.push_back(sigmoid(out.program_slope * x + out.program_offset));
  for (const double one : correct) out.accuracy += one / static_cast<double>(correct.size());
  out.ece = expected_calibration_error(confidences, correct);
  out.ece_chance = chance_calibration_error(confidences).mean;
  config.calibration.program_slope = out.program_slope;
  config.calibration.program_offset = out.program_offset;
  save_config(written.temporary(), config);
  written.publish();
  return out;
}

}  // namespace beholder::eval
