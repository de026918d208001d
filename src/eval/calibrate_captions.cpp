#include "eval/calibrate_captions.hpp"

#include <algorithm>
#include <numeric>
#include <random>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/output_folder.hpp"
#include "core/permutation.hpp"
#include "engine/engine_impl.hpp"
#include "eval/logistic_regression.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/metric_support.hpp"
#include "eval/save_weights.hpp"
#include "models/native/native_model.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

using models::DescriptionCalibration;
using models::Written;

constexpr std::size_t kFolds = 5;
constexpr double kL2 = 1e-3;  // on standardised features
/// Above the surest description of nothing, so that rounding on another processor changes nothing.
constexpr double kMargin = 0.01;

/// A description and which of its words are supported.
struct Case {
  Written written;
  std::vector<bool> supported;
  std::size_t fold = 0;
};

models::WordModel fit(const std::vector<const Case*>& cases, bool agreement) {
  std::vector<double> features, truths;
  for (const Case* one : cases)
    for (std::size_t i = 0; i < one->supported.size(); ++i) {
      models::WordFeatures f = one->written.evidence[i].features;
      if (!agreement) std::fill_n(f.begin(), models::kAgreementFeatures, 0.0);
      features.insert(features.end(), f.begin(), f.end());
      truths.push_back(one->supported[i] ? 1 : 0);
    }
  const auto rows = static_cast<std::int64_t>(truths.size());
  const LogisticFit found = fit_logistic_regression(
      at::tensor(features, at::kDouble).view({rows, -1}), at::tensor(truths, at::kDouble), kL2);
  models::WordModel out;
  std::copy(found.weights.begin(), found.weights.end(), out.weights.begin());
  out.offset = found.offset;
  return out;
}

DescriptionCalibration fit_both(const std::vector<const Case*>& cases) {
  DescriptionCalibration out;
  out.search = fit(cases, true);
  out.alone = fit(cases, false);
  return out;
}

Description judged(const Case& one, const DescriptionCalibration& calibration) {
  Description out = one.written.description;
  models::set_confidence(one.written, calibration, true, out);
  return out;
}

double share(const std::vector<bool>& supported) {
  return static_cast<double>(std::count(supported.begin(), supported.end(), true)) /
         static_cast<double>(supported.size());
}

/// The lowest confidence from which on `precision` of the words are supported; 1 when there is
/// none.
double threshold_for(const std::vector<double>& confidences, const std::vector<Case>& cases,
                     double precision) {
  std::vector<std::size_t> order(cases.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return confidences[a] > confidences[b]; });
  double out = 1, right = 0, words = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const std::vector<bool>& supported = cases[order[k]].supported;
    right += share(supported) * static_cast<double>(supported.size());
    words += static_cast<double>(supported.size());
    const bool ends = k + 1 == order.size() || confidences[order[k + 1]] < confidences[order[k]];
    if (ends && right >= precision * words) out = confidences[order[k]];
  }
  return out;
}

/// Pictures that show nothing: three plain ones and noise.
std::vector<Picture> blanks(const Engine& engine) {
  constexpr int kSide = 240;
  std::vector<Picture> out;
  for (const int level : {0, 128, 255}) {
    const std::vector<std::uint8_t> rgb(std::size_t{3} * kSide * kSide,
                                        static_cast<std::uint8_t>(level));
    out.push_back(engine.encode_rgb(rgb.data(), kSide, kSide));
  }
  std::mt19937 random(1);
  std::vector<std::uint8_t> noise(std::size_t{3} * kSide * kSide);
  for (std::uint8_t& value : noise) value = static_cast<std::uint8_t>(random() >> 24);
  out.push_back(engine.encode_rgb(noise.data(), kSide, kSide));
  return out;
}

/// Describes pictures as the model does unasked.
class Describer {
 public:
  Describer(const models::native::NativeModel& model, std::size_t all,
            const std::function<bool(std::size_t, std::size_t)>& progress)
      : model_(model), all_(all), progress_(progress) {}

  /// @return nothing for a scene and for what is no photo
  std::vector<Written> describe(const Picture& picture) {
    if (progress_ && !progress_(++done_, all_)) fail(ErrorCode::kCancelled, "calibration stopped");
    const models::native::NativePicture& seen = model_.own_picture(*picture.encoded());
    if (model_.shows_scene(&seen) || model_.off_ground(&seen)) return {};
    return model_.generate_descriptions({&seen}, {}).front();
  }

 private:
  const models::native::NativeModel& model_;
  std::size_t all_, done_ = 0;
  const std::function<bool(std::size_t, std::size_t)>& progress_;
};

void report_held_out(const std::vector<Case>& cases, const std::vector<Description>& held_out,
                     CaptionCalibration& out) {
  std::vector<double> words, truths, confidences, shares;
  double given_words = 0, given_right = 0, given = 0;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    for (const DescribedWord& word : held_out[i].words) words.push_back(word.probability);
    for (const bool one : cases[i].supported) truths.push_back(one ? 1 : 0);
    confidences.push_back(held_out[i].confidence);
    shares.push_back(share(cases[i].supported));
    if (confidences.back() < out.calibration.min_confidence) continue;
    const auto count = static_cast<double>(cases[i].supported.size());
    given += 1;
    given_words += count;
    given_right += shares.back() * count;
  }
  out.words = words.size();
  out.supported =
      std::accumulate(truths.begin(), truths.end(), 0.0) / static_cast<double>(truths.size());
  out.ece = expected_calibration_error(words, truths);
  out.ece_chance = chance_calibration_error(words).mean;
  out.ece_descriptions = expected_calibration_error(confidences, shares);
  out.given = given / static_cast<double>(cases.size());
  out.supported_given = given_words > 0 ? given_right / given_words : 0;
}

}  // namespace

CaptionCalibration calibrate_captions(
    const fs::path& from, const fs::path& to, const std::vector<data::CaptionRow>& rows,
    const std::vector<fs::path>& nothing, const CaptionCalibrationOptions& options,
    const std::function<bool(std::size_t, std::size_t)>& progress) {
  WordSupport support;
  CaptionCalibration out;
  models::native::ModelConfig config;
  {
    const auto model = models::native::load_native(from, "be calibrated");
    const Engine engine = engine::engine_over(model);
    config = model->checkpoint().config;
    std::vector<Picture> blank = blanks(engine);
    Describer describer(*model, rows.size() + nothing.size() + blank.size(), progress);
    std::vector<Case> cases;
    for (const data::CaptionRow& row : rows) {
      check(!row.captions.empty(), ErrorCode::kDataFormat, row.image.string(),
            ": a row without captions; leave it out");
      for (Written& one : describer.describe(engine.encode(row.image))) {
        if (one.evidence.empty()) continue;
        std::vector<std::string> words;
        for (const models::WordEvidence& word : one.evidence) words.push_back(word.word);
        cases.push_back({std::move(one), support.supported(words, row.captions)});
      }
    }
    out.pictures = cases.size();
    check(out.pictures >= options.least_pictures, ErrorCode::kDataFormat, "calibration needs ",
          options.least_pictures, " photos or more, there are ", out.pictures, "; name more rows");
    const auto order = permutation(static_cast<std::int64_t>(cases.size()), options.seed);
    for (std::size_t i = 0; i < cases.size(); ++i)
      cases[static_cast<std::size_t>(order[i])].fold = i % kFolds;
    std::vector<Description> held_out(cases.size());
    std::vector<const Case*> all;
    for (const Case& one : cases) all.push_back(&one);
    for (std::size_t fold = 0; fold < kFolds; ++fold) {
      std::vector<const Case*> others;
      std::copy_if(all.begin(), all.end(), std::back_inserter(others),
                   [&](const Case* one) { return one->fold != fold; });
      const DescriptionCalibration without = fit_both(others);
      for (std::size_t i = 0; i < cases.size(); ++i)
        if (cases[i].fold == fold) held_out[i] = judged(cases[i], without);
    }
    out.calibration = fit_both(all);
    std::vector<double> confidences;
    for (const Description& one : held_out) confidences.push_back(one.confidence);
    double least = threshold_for(confidences, cases, options.precision);
    for (const fs::path& picture : nothing) blank.push_back(engine.encode(picture));
    for (const Picture& picture : blank)
      for (Written& one : describer.describe(picture)) {
        const Case empty{std::move(one), {}};
        least = std::max(least, judged(empty, out.calibration).confidence + kMargin);
      }
    out.nothing = blank.size();
    out.calibration.min_confidence = std::min(1.0, least);
    report_held_out(cases, held_out, out);
  }
  config.description_calibration = out.calibration;
  OutputFolder written(to);
  save_model(from, written.temporary(), config);
  written.publish();
  return out;
}

}  // namespace beholder::eval
