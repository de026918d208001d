#include "eval/calibrate.hpp"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_folder.hpp"
#include "core/permutation.hpp"
#include "engine/confidence.hpp"
#include "engine/engine_impl.hpp"
#include "eval/k_means.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/metric_vqa.hpp"
#include "eval/save_weights.hpp"
#include "io/checksums.hpp"
#include "nn/shape.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLeastYesNo = 50;

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

}  // namespace

CalibrationReport calibrate(const fs::path& from, const fs::path& to, const CalibrationData& data,
                            const CalibrationOptions& options,
                            const std::function<bool(std::size_t, std::size_t)>& progress) {
  check(data.held_out.size() >= options.least_rows, ErrorCode::kDataFormat, "calibration needs ",
        options.least_rows, " held-out rows or more, there are ", data.held_out.size(),
        "; set 'held_out' in the training file");
  check(!data.pictures.empty() && !data.questions.empty() && !data.familiar_pictures.empty() &&
            !data.familiar_questions.empty(),
        ErrorCode::kDataFormat,
        "calibration needs pictures and questions that the model was trained on");
  const Engine engine = Engine::load(from);
  const engine::Model& model = engine.impl().own_model("be calibrated");
  const c10::InferenceMode inference;
  const std::vector<fs::path> pictures = some_of(data.pictures, 2000, options.seed);
  const std::vector<std::string> questions = some_of(data.questions, 8000, options.seed + 1);
  const std::size_t all = pictures.size() + data.held_out.size() + data.yes_no.size();
  std::size_t done = 0;
  const auto tell = [&] {
    if (progress && !progress(++done, all)) fail(ErrorCode::kCancelled, "calibration stopped");
  };

  std::vector<at::Tensor> pooled;
  for (const fs::path& picture : pictures) {
    pooled.push_back(engine.encode(picture).encoded()->pooled);
    tell();
  }
  const auto embed = [&](const std::string& question) {
    const std::vector<std::int64_t> ids = model.tokenizer.encode(question);
    const at::Tensor input = nn::id_tensor(ids).unsqueeze(0);  // (1, L)
    return engine::pool_question(model.networks.text.forward(input));
  };
  std::vector<at::Tensor> asked;
  for (const std::string& question : questions) asked.push_back(embed(question));
  const at::Tensor picture_vectors = at::stack(pooled);  // (n, C)
  const at::Tensor picture_mean = picture_vectors.mean(0);
  const at::Tensor picture_centroids =
      spherical_k_means(picture_vectors - picture_mean, options.picture_centroids, options.seed);
  const at::Tensor question_centroids =
      spherical_k_means(at::stack(asked), options.question_centroids, options.seed);

  AnswerOptions asking;
  asking.min_confidence = 0;
  std::map<std::string, Picture> encoded;
  const auto picture_of = [&](const fs::path& path) -> const Picture& {
    const auto [found, added] = encoded.try_emplace(path.string());
    if (added) found->second = engine.encode(path);
    return found->second;
  };
  /// What the engine answers first, whether that is right, and the logit of its probability.
  struct Asked {
    std::vector<ScoredAnswer> given;
    std::vector<double> raw, logits, correct;
  };
  const auto ask = [&](const std::vector<data::QaRow>& rows, bool yes_no) {
    Asked out;
    for (const data::QaRow& row : rows) {
      tell();
      const Answer given = engine.answer(picture_of(row.image), row.question, asking);
      const ScoredAnswer& best = given.top_k.front();
      if (yes_no && !engine::is_yes_or_no(best.answer)) continue;
      const double p = std::clamp(best.probability, 1e-6, 1 - 1e-6);
      out.given.push_back(best);
      out.raw.push_back(p);
      out.logits.push_back(std::log(p / (1 - p)));
      out.correct.push_back(answers_match(best.answer, row.answers.front().first) ? 1 : 0);
    }
    return out;
  };
  const Asked general = ask(data.held_out, false), binary = ask(data.yes_no, true);

  std::vector<double> picture_novelty, question_novelty;
  for (const fs::path& picture : data.familiar_pictures)
    picture_novelty.push_back(
        engine::novelty(picture_of(picture).encoded()->pooled, picture_mean, picture_centroids));
  for (const std::string& question : data.familiar_questions)
    question_novelty.push_back(engine::novelty(embed(question), {}, question_centroids));

  CalibrationReport report;
  report.rows = data.held_out.size();
  engine::CalibrationConfig& fit = report.calibration;
  std::tie(fit.slope, fit.offset) = fit_logistic(general.logits, general.correct);
  fit.yes_no_slope = fit.slope;
  fit.yes_no_offset = fit.offset;
  if (binary.raw.size() >= kLeastYesNo) {
    report.yes_no_rows = binary.raw.size();
    std::tie(fit.yes_no_slope, fit.yes_no_offset) = fit_logistic(binary.logits, binary.correct);
  }
  std::vector<double> confidences;
  for (const ScoredAnswer& given : general.given)
    confidences.push_back(engine::calibrated(given, fit));
  report.ece_before = expected_calibration_error(general.raw, general.correct);
  report.ece_after = expected_calibration_error(confidences, general.correct);
  report.ece_chance = chance_calibration_error(confidences).mean;
  const auto point = fit_threshold(confidences, general.correct, options.accuracy_answered);
  // Where no threshold is good enough, only certainty is.
  fit.min_confidence = point ? point->threshold : 1;
  report.coverage = point ? point->coverage : 0;
  report.accuracy_answered = point && point->accuracy ? *point->accuracy : 0;
  // Above the rounding error of a vector's distance from itself; 0 would mean "unknown".
  constexpr double kRounding = 1e-5;
  fit.max_picture_distance = std::max(kRounding, quantile(picture_novelty, options.familiar_share));
  fit.max_question_distance =
      std::max(kRounding, quantile(question_novelty, options.familiar_share));

  OutputFolder written(to);
  save_weights(from, written.temporary(), "familiarity.",
               {{"familiarity.picture_mean", picture_mean},
                {"familiarity.picture_centroids", picture_centroids},
                {"familiarity.question_centroids", question_centroids}});
  engine::ModelConfig config = model.config;
  fit.program_slope = config.calibration.program_slope;
  fit.program_offset = config.calibration.program_offset;
  config.calibration = fit;
  write_file_atomic(written.temporary() / "config.json", engine::write_model_config(config));
  engine::copy_vocabularies(from, written.temporary());
  io::write_checksums(written.temporary());
  written.publish();
  return report;
}

}  // namespace beholder::eval
