#include "eval/calibrate.hpp"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <tuple>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/logistic.hpp"
#include "core/output_folder.hpp"
#include "core/permutation.hpp"
#include "engine/engine_impl.hpp"
#include "eval/evaluate.hpp"
#include "eval/k_means.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/save_weights.hpp"
#include "models/confidence.hpp"
#include "models/native/native_model.hpp"
#include "nn/pooling.hpp"
#include "nn/shape.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kLeastRows = 50;
constexpr std::size_t kMostPictures = 2000, kMostQuestions = 8000;

double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

at::Tensor embedded(const models::native::Checkpoint& model, const std::string& question) {
  const std::vector<std::int64_t> ids = model.tokenizer.encode(question);
  return nn::mean_pool(model.networks.text.forward(nn::id_tensor(ids).unsqueeze(0)));
}

/// What the pictures and questions trained on look like.
struct Familiar {
  at::Tensor picture_mean, picture_centroids, question_centroids;
};

/// The mean of a picture's cells.
at::Tensor pooled_of(const models::native::NativeModel& model, const Picture& picture) {
  return model.own_picture(*picture.encoded()).pooled;
}

Familiar sum_up(const models::native::NativeModel& model, const Engine& engine,
                const CalibrationData& data, const CalibrationOptions& options,
                const std::function<void()>& tell) {
  std::vector<at::Tensor> pooled, asked;
  for (const fs::path& picture : some_of(data.pictures, kMostPictures, options.seed)) {
    pooled.push_back(pooled_of(model, engine.encode(picture)));
    tell();
  }
  for (const std::string& question : some_of(data.questions, kMostQuestions, options.seed + 1))
    asked.push_back(embedded(model.checkpoint(), question));
  const at::Tensor vectors = at::stack(pooled);  // (n, C)
  Familiar out;
  out.picture_mean = vectors.mean(0);
  out.picture_centroids =
      spherical_k_means(vectors - out.picture_mean, options.picture_centroids, options.seed);
  out.question_centroids =
      spherical_k_means(at::stack(asked), options.question_centroids, options.seed);
  return out;
}

/// An answer that the engine gave first, and how right it is.
struct GivenAnswer {
  ScoredAnswer answer;
  double correct = 0;
};

/// The slope, offset and threshold of the answers of one kind.
/// @return nothing when there are too few
std::optional<models::KindCalibration> fit_kind(const std::vector<GivenAnswer>& given,
                                                std::optional<models::AnswerKind> kind,
                                                double accuracy, std::size_t& rows) {
  std::vector<double> logits, correct, confidences;
  for (const GivenAnswer& one : given) {
    if (kind && models::answer_kind(one.answer.answer) != *kind) continue;
    logits.push_back(logit(one.answer.probability));
    correct.push_back(one.correct);
  }
  rows = logits.size();
  if (rows < kLeastRows) return std::nullopt;
  models::KindCalibration out{};
  std::tie(out.slope, out.offset) = fit_logistic(logits, correct);
  for (const double logit : logits) confidences.push_back(sigmoid(out.slope * logit + out.offset));
  const auto point = fit_threshold(confidences, correct, accuracy);
  // Where no threshold is good enough, only certainty is.
  out.min_confidence = point ? point->threshold : 1;
  return out;
}

/// Fits each kind of answer on its own; kinds with too few rows are treated as all others.
void fit_answers(const std::vector<GivenAnswer>& given, double accuracy,
                 CalibrationReport& report) {
  using models::AnswerKind;
  models::CalibrationConfig& fit = report.calibration;
  std::size_t rows = 0;
  auto others = fit_kind(given, AnswerKind::kOther, accuracy, rows);
  if (!others) others = fit_kind(given, std::nullopt, accuracy, rows);
  const auto yes_no = fit_kind(given, AnswerKind::kYesNo, accuracy, rows);
  report.yes_no_rows = yes_no ? rows : 0;
  const auto number = fit_kind(given, AnswerKind::kNumber, accuracy, rows);
  report.number_rows = number ? rows : 0;
  const auto set = [](const models::KindCalibration& from, double& slope, double& offset,
                      double& threshold) {
    slope = from.slope;
    offset = from.offset;
    threshold = from.min_confidence;
  };
  set(*others, fit.slope, fit.offset, fit.min_confidence);
  set(yes_no.value_or(*others), fit.yes_no_slope, fit.yes_no_offset, fit.yes_no_min_confidence);
  set(number.value_or(*others), fit.number_slope, fit.number_offset, fit.number_min_confidence);

  std::vector<double> raw, confidences, correct;
  double answered = 0, right = 0;
  for (const GivenAnswer& one : given) {
    raw.push_back(one.answer.probability);
    confidences.push_back(models::calibrated(one.answer, fit));
    correct.push_back(one.correct);
    const auto of = models::calibration_of(models::answer_kind(one.answer.answer), fit);
    if (confidences.back() < of.min_confidence) continue;
    ++answered;
    right += one.correct;
  }
  report.ece_before = expected_calibration_error(raw, correct);
  report.ece_after = expected_calibration_error(confidences, correct);
  report.ece_chance = chance_calibration_error(confidences).mean;
  report.coverage = answered / static_cast<double>(given.size());
  report.accuracy_answered = answered > 0 ? right / answered : 0;
}

}  // namespace

CalibrationReport calibrate(const fs::path& from, const fs::path& to, const CalibrationData& data,
                            const CalibrationOptions& options,
                            const std::function<bool(std::size_t, std::size_t)>& progress) {
  check(data.held_out.size() >= options.least_rows, ErrorCode::kDataFormat, "calibration needs ",
        options.least_rows, " held-out rows or more, there are ", data.held_out.size(),
        "; set 'held_out' in the training file");
  check(
      options.answers_only || (!data.pictures.empty() && !data.questions.empty() &&
                               !data.familiar_pictures.empty() && !data.familiar_questions.empty()),
      ErrorCode::kDataFormat,
      "calibration needs pictures and questions that the model was trained on");
  const auto model = models::native::load_native(from, "be calibrated");
  const Engine engine = engine::engine_over(model);
  const c10::InferenceMode inference;
  const std::size_t all =
      data.held_out.size() + data.yes_no.size() +
      (options.answers_only ? 0 : std::min(kMostPictures, data.pictures.size()));
  std::size_t done = 0;
  const auto tell = [&] {
    if (progress && !progress(++done, all)) fail(ErrorCode::kCancelled, "calibration stopped");
  };

  AnswerOptions asking;
  asking.min_confidence = 0;
  std::map<std::string, Picture> encoded;
  const auto picture_of = [&](const fs::path& path) -> const Picture& {
    const auto [found, added] = encoded.try_emplace(path.string());
    if (added) found->second = engine.encode(path);
    return found->second;
  };
  const auto ask = [&](const std::vector<data::QaRow>& rows, bool yes_no) {
    std::vector<GivenAnswer> out;
    for (const data::QaRow& row : rows) {
      tell();
      const Answer given = engine.answer(picture_of(row.image), row.question, asking);
      const ScoredAnswer& best = given.top_k.front();
      if (!yes_no || models::is_yes_or_no(best.answer))
        out.push_back({best, row_score(best.answer, row)});
    }
    return out;
  };
  std::vector<GivenAnswer> given = ask(data.held_out, false);
  CalibrationReport report;
  report.rows = given.size();
  for (GivenAnswer& one : ask(data.yes_no, true)) given.push_back(std::move(one));
  report.calibration = model->checkpoint().config.calibration;
  fit_answers(given, options.accuracy_answered, report);

  std::map<std::string, at::Tensor> added;
  if (!options.answers_only) {
    const Familiar familiar = sum_up(*model, engine, data, options, tell);
    const auto share = [&](const std::vector<double>& novelty) {
      // Above the rounding error of a vector's distance from itself; 0 would mean "unknown".
      constexpr double kRounding = 1e-5;
      return std::max(kRounding, quantile(novelty, options.familiar_share));
    };
    std::vector<double> pictures, questions;
    for (const fs::path& picture : data.familiar_pictures)
      pictures.push_back(models::novelty(pooled_of(*model, picture_of(picture)),
                                         familiar.picture_mean, familiar.picture_centroids));
    for (const std::string& question : data.familiar_questions)
      questions.push_back(models::novelty(embedded(model->checkpoint(), question), {},
                                          familiar.question_centroids));
    report.calibration.max_picture_distance = share(pictures);
    report.calibration.max_question_distance = share(questions);
    added = {{"familiarity.picture_mean", familiar.picture_mean},
             {"familiarity.picture_centroids", familiar.picture_centroids},
             {"familiarity.question_centroids", familiar.question_centroids}};
  }
  std::vector<std::string> dropped;
  if (!options.answers_only) dropped.push_back("familiarity.");
  OutputFolder written(to);
  models::native::ModelConfig config = model->checkpoint().config;
  config.calibration = report.calibration;
  save_model(from, written.temporary(), config, dropped, added);
  written.publish();
  return report;
}

}  // namespace beholder::eval
