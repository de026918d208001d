#include "scene/answer_scorer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/check.hpp"
#include "core/logistic.hpp"
#include "io/config.hpp"
#include "nn/finite.hpp"
#include "text/question_kind.hpp"
#include "text/words.hpp"

namespace beholder::scene {
namespace fs = std::filesystem;

namespace {

constexpr std::array<const char*, kAnswerForms> kFormNames = {"yes_no", "number", "color",
                                                              "alternative", "other"};

AnswerCalibration read_calibration(const io::Config& in) {
  constexpr double kMost = 1e3;
  return {in.number("slope", -kMost, kMost), in.number("offset", -kMost, kMost),
          in.number("min_confidence", 0, 1)};
}

nlohmann::json json_of(const AnswerCalibration& one) {
  return {{"slope", one.slope}, {"offset", one.offset}, {"min_confidence", one.min_confidence}};
}

/// A question is familiar when at least this share of its words are known.
constexpr double kKnownWords = 0.6;

}  // namespace

const AnswerCalibration& AnswerScorerConfig::calibration(std::string_view answer) const {
  if (answer == "yes" || answer == "no") return yes_no;
  const bool digits = !answer.empty() && std::all_of(answer.begin(), answer.end(),
                                                     [](char c) { return c >= '0' && c <= '9'; });
  return digits ? number : other;
}

AnswerScorerConfig AnswerScorerConfig::load(const fs::path& path) {
  const io::Config in = io::Config::load(path);
  constexpr double kMost = 1e6;
  AnswerScorerConfig out;
  in.integer("format_version", 1, 1);
  out.width = in.integer("width", 1, 1 << 14);
  out.picture_size = in.integer("picture_size", 1, 1 << 16);
  out.answers = in.strings("answers");
  out.ngrams = in.strings("ngrams");
  out.words = in.strings("words");
  if (out.answers.empty()) in.fail_at("answers", "one answer or more");
  out.usual.classes = in.numbers("usual_classes", text::NameTree::kClasses);
  out.usual.colors = in.numbers("usual_colors", kPhotoColors.size());
  const io::Config weights = in.object("weights");
  for (std::size_t form = 0; form < kAnswerForms; ++form) {
    const std::vector<double> row = weights.numbers(kFormNames[form], kEvidences);
    std::copy(row.begin(), row.end(), out.weights[form].begin());
    for (const double weight : row)
      if (!(std::abs(weight) <= kMost)) weights.fail_at(kFormNames[form], "finite weights");
  }
  const io::Config calibration = in.object("calibration");
  out.yes_no = read_calibration(calibration.object("yes_no"));
  out.number = read_calibration(calibration.object("number"));
  out.other = read_calibration(calibration.object("other"));
  in.check_all_used();
  return out;
}

std::string AnswerScorerConfig::to_json() const {
  nlohmann::json weights_json;
  for (std::size_t form = 0; form < kAnswerForms; ++form)
    weights_json[kFormNames[form]] = weights[form];
  const nlohmann::json out = {
      {"format_version", 1},
      {"width", width},
      {"picture_size", picture_size},
      {"answers", answers},
      {"ngrams", ngrams},
      {"words", words},
      {"usual_classes", usual.classes},
      {"usual_colors", usual.colors},
      {"weights", weights_json},
      {"calibration",
       {{"yes_no", json_of(yes_no)}, {"number", json_of(number)}, {"other", json_of(other)}}}};
  return out.dump(0) + "\n";
}

text::AnswerPrior answer_prior(nn::ParameterSource& source, const AnswerScorerConfig& config) {
  return {source, "answer_prior", static_cast<std::int64_t>(config.ngrams.size()), config.width,
          static_cast<std::int64_t>(config.answers.size())};
}

nn::Linear photo_words(nn::ParameterSource& source, const AnswerScorerConfig& config) {
  return {source, "photo_words", config.picture_size,
          static_cast<std::int64_t>(config.words.size())};
}

at::Tensor unit_features(const at::Tensor& pooled) {
  const at::Tensor features = pooled.to(at::kFloat);
  return features / features.norm(2, {-1}, true).clamp_min(1e-6);
}

struct AnswerScorer::Parts {
  Parts(nn::ParameterSource& source, const AnswerScorerConfig& config, const text::NameTree& tree)
      : prior(answer_prior(source, config)),
        words(photo_words(source, config)),
        decoder_ground(source, "decoder_ground", config.picture_size, 1),
        ngrams(config.ngrams),
        evidence(config.answers, config.words, tree, config.usual) {}

  text::AnswerPrior prior;
  nn::Linear words, decoder_ground;
  text::NGramVocabulary ngrams;
  AnswerEvidence evidence;
};

io::SafetensorsFile AnswerScorer::open(const fs::path& folder) {
  const fs::path path = folder / kFileName;
  check(fs::exists(path), ErrorCode::kFileNotFound, path.string(),
        ": no such file; the model's config.json has answer_scorer, whose weights it holds: fetch "
        "the model again");
  return io::SafetensorsFile::open(path);
}

AnswerScorer::AnswerScorer(const fs::path& folder, const text::NameTree& tree)
    : config_(AnswerScorerConfig::load(folder / kListsName)), tree_(tree), file_(open(folder)) {}

const AnswerScorer::Parts& AnswerScorer::parts() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!parts_) {
    nn::StoredParameters parameters(file_);
    auto made = std::make_shared<Parts>(parameters, config_, tree_);
    parameters.check_all_used();
    parts_ = std::move(made);
  }
  return *parts_;
}

bool AnswerScorer::leaves_to_decoder(const at::Tensor& pooled) const {
  return parts().decoder_ground.forward(unit_features(pooled).unsqueeze(0)).item<float>() > 0;
}

bool AnswerScorer::wants_things(std::string_view question) const {
  return parts().evidence.wants_things(text::asked_for(question), question);
}

std::vector<float> AnswerScorer::words(const at::Tensor& pooled) const {
  const at::Tensor scores = parts().words.forward(unit_features(pooled).unsqueeze(0));
  nn::check_finite(scores, "answer scorer");
  const at::Tensor row = scores.view({-1}).contiguous();
  return {row.data_ptr<float>(), row.data_ptr<float>() + row.numel()};
}

AnswerScorer::Scores AnswerScorer::scores(const std::string& question,
                                          const PhotoFacts& facts) const {
  const Parts& all = parts();
  const at::Tensor logits = all.prior.forward({all.ngrams.ids(question)});
  nn::check_finite(logits, "answer scorer");
  const at::Tensor prior = at::log_softmax(logits, -1).view({-1}).contiguous();
  const text::AskedFor asked = text::asked_for(question);
  const std::vector<float> evidence = all.evidence.of(
      asked, question, {prior.data_ptr<float>(), prior.data_ptr<float>() + prior.numel()}, facts);
  const auto& weights = config_.weights[static_cast<std::size_t>(answer_form(asked))];
  constexpr auto kPrior = static_cast<std::size_t>(Evidence::kPrior);
  const std::size_t count = config_.answers.size();
  Scores out{std::vector<double>(count, -std::numeric_limits<double>::infinity()),
             std::vector<bool>(count)};
  for (std::size_t i = 0; i < count; ++i) {
    if (!text::fits(asked, config_.answers[i])) continue;
    out.all[i] = 0;
    for (std::size_t k = 0; k < kEvidences; ++k) {
      const float one = evidence[i * kEvidences + k];
      out.all[i] += weights[k] * one;
      if (k != kPrior && one != 0) out.looked_at[i] = true;
    }
  }
  return out;
}

AnswerScorer::Scored AnswerScorer::answer(const std::string& question, const PhotoFacts& facts,
                                          std::size_t most) const {
  const Scores scored = scores(question, facts);
  const std::vector<double>& all = scored.all;
  const auto likeliest = std::max_element(all.begin(), all.end());
  const double best = *likeliest;
  Scored out;
  if (std::isinf(best)) return out;
  double total = 0;
  for (const double one : all) total += std::exp(one - best);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!std::isinf(all[i]))
      out.answers.push_back({config_.answers[i], std::exp(all[i] - best) / total});
  const std::size_t listed = std::min(std::max<std::size_t>(most, 1), out.answers.size());
  std::partial_sort(out.answers.begin(), out.answers.begin() + static_cast<std::ptrdiff_t>(listed),
                    out.answers.end(), [](const ScoredAnswer& a, const ScoredAnswer& b) {
                      return a.probability > b.probability;
                    });
  out.answers.resize(listed);
  const AnswerCalibration& fit = config_.calibration(out.answers.front().answer);
  out.confidence = calibrated(out.answers.front().probability, fit.slope, fit.offset);
  out.min_confidence = fit.min_confidence;
  // What would be said of any picture must be surer.
  if (!scored.looked_at[static_cast<std::size_t>(likeliest - all.begin())])
    out.min_confidence = std::max(out.min_confidence, config_.yes_no.min_confidence);
  const std::vector<std::string> words = text::question_words(question);
  const auto known = std::count_if(words.begin(), words.end(), [&](const std::string& word) {
    return parts().ngrams.contains(word);
  });
  out.familiar = static_cast<double>(known) >= kKnownWords * static_cast<double>(words.size());
  return out;
}

std::vector<ScoredAnswer> AnswerScorer::rank(const std::string& question, const PhotoFacts& facts,
                                             const std::vector<std::string>& choices) const {
  const std::vector<double> all = scores(question, facts).all;
  std::vector<double> chosen;
  for (const std::string& choice : choices) {
    const auto known =
        std::find(config_.answers.begin(), config_.answers.end(), text::lower_case(choice));
    if (known == config_.answers.end()) return {};
    chosen.push_back(all[static_cast<std::size_t>(known - config_.answers.begin())]);
  }
  const double best = chosen.empty() ? 0 : *std::max_element(chosen.begin(), chosen.end());
  if (std::isinf(best)) return {};
  double total = 0;
  for (const double one : chosen) total += std::exp(one - best);
  std::vector<ScoredAnswer> out;
  for (std::size_t i = 0; i < chosen.size(); ++i)
    out.push_back({choices[i], std::exp(chosen[i] - best) / total});
  std::stable_sort(out.begin(), out.end(), [](const ScoredAnswer& a, const ScoredAnswer& b) {
    return a.probability > b.probability;
  });
  return out;
}

}  // namespace beholder::scene
