// Answers written by the fusion decoder: the search, what is made of its result, and how likely a
// given text is.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/cancel.hpp"
#include "core/stopwatch.hpp"
#include "models/confidence.hpp"
#include "models/native/decoder_run.hpp"
#include "models/native/native_model.hpp"
#include "models/native/question.hpp"
#include "text/question_kind.hpp"

namespace beholder::models::native {
namespace {

using fusion::Task;

void sort_answers(std::vector<ScoredAnswer>& answers) {
  std::stable_sort(
      answers.begin(), answers.end(),
      [](const ScoredAnswer& a, const ScoredAnswer& b) { return a.probability > b.probability; });
}

/// Log-probability of a text written from `item`.
double log_probability(const NativeModel& model, Task task, const DecoderItem& item,
                       const std::vector<std::int64_t>& tokens) {
  DecoderRun run(model, task, {item});
  return generation::score(run.step_function(), tokens, model.checkpoint().vocabulary.eos_id());
}

/// Probabilities of the choices, adding up to 1, likeliest first.
std::vector<ScoredAnswer> rank(const NativeModel& model, const DecoderItem& item,
                               const AnswerOptions& options) {
  std::vector<double> scores;
  for (const std::string& choice : options.choices) {
    check_cancelled(options.cancel);
    scores.push_back(
        log_probability(model, Task::kAnswer, item, written_tokens(model, choice, "a choice")));
  }
  const double best = *std::max_element(scores.begin(), scores.end());
  double total = 0;
  for (const double score : scores) total += std::exp(score - best);
  std::vector<ScoredAnswer> out;
  for (std::size_t i = 0; i < scores.size(); ++i)
    out.push_back({options.choices[i], std::exp(scores[i] - best) / total});
  sort_answers(out);
  return out;
}

/// What a search found of the kind that was asked for, likeliest first. Two ways of cutting a word
/// into pieces are one answer.
std::vector<ScoredAnswer> gather(const text::OutputVocabulary& vocabulary,
                                 const std::vector<generation::Hypothesis>& hypotheses,
                                 const text::AskedFor& asked) {
  std::vector<ScoredAnswer> out;
  for (const auto& hypothesis : hypotheses) {
    const std::string text = vocabulary.decode(hypothesis.tokens);
    const double probability = std::exp(hypothesis.log_probability);
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const ScoredAnswer& a) { return a.answer == text; });
    if (same != out.end())
      same->probability += probability;
    else if (!text.empty() && text::fits(asked, text))
      out.push_back({text, probability});
  }
  if (out.empty()) out.push_back({kAbstention, 0});
  sort_answers(out);
  return out;
}

/// What is left of the confidence in a choice that is no answer to the question.
constexpr double kWrongKind = 0.1;

/// Confidence, abstention and the wanted number of answers.
void conclude(const NativeModel& model, const NativePicture* picture, const Question& question,
              const AnswerOptions& options, Answer& out) {
  const CalibrationConfig& calibration = model.checkpoint().config.calibration;
  // Among given choices the probability is already of one of few; it is not what was calibrated.
  out.confidence = options.choices.empty() ? calibrated(out.top_k.front(), calibration)
                                           : out.top_k.front().probability;
  const bool strange_picture =
      model.off_ground(picture) || (calibration.max_picture_distance > 0 && picture != nullptr &&
                                    picture->novelty > calibration.max_picture_distance);
  const bool strange_question =
      calibration.max_question_distance > 0 && question.novelty > calibration.max_question_distance;
  out.familiar = !strange_picture && !strange_question;
  // Nothing is known about how often the model is right on such ground: at most half of it.
  if (!out.familiar) out.confidence *= 0.5;
  // Given choices are ranked, whatever they are; one that answers another question is not vouched
  // for.
  if (!options.choices.empty() && !text::fits(question.asked, out.top_k.front().answer))
    out.confidence *= kWrongKind;
  const AnswerKind kind = answer_kind(out.top_k.front().answer);
  const double threshold = options.min_confidence < 0
                               ? calibration_of(kind, calibration).min_confidence
                               : options.min_confidence;
  const bool unfamiliar = !out.familiar && options.min_confidence < 0;
  models::conclude(out, options.top_k, unfamiliar || out.confidence < threshold);
}

}  // namespace

std::vector<Answer> NativeModel::answer_by_decoder(const std::vector<Request>& requests,
                                                   const AnswerOptions& options) const {
  std::vector<Answer> out(requests.size());
  if (out.empty()) return out;
  Stopwatch watch;
  std::map<std::string, Question> encoded;
  for (const Request& request : requests)
    if (encoded.count(request.question) == 0)
      encoded.emplace(request.question, encode_question(*this, request.question));
  std::vector<DecoderItem> items;
  for (const Request& request : requests)
    items.push_back(item_of(*this, picture_of(request), encoded.at(request.question)));
  const double text_ms = watch.lap() / static_cast<double>(out.size());

  if (!options.choices.empty()) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i].top_k = rank(*this, items[i], options);
  } else {
    generation::GenerationOptions search;
    search.num_beams = std::max(options.num_beams, options.top_k);
    search.num_return = search.num_beams;
    search.length_penalty = 0;  // the likeliest answer, so that its probability can be a confidence
    search.max_new_tokens = std::min<std::int64_t>(
        {options.max_new_tokens, 16, checkpoint_.config.fusion.max_position_embeddings - 1});
    search.forbidden = forbidden_;
    search.end_token = checkpoint_.vocabulary.eos_id();
    const auto found = search_all(*this, Task::kAnswer, items, search, options.cancel);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i].top_k =
          gather(checkpoint_.vocabulary, found[i], encoded.at(requests[i].question).asked);
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    conclude(*this, picture_of(requests[i]), encoded.at(requests[i].question), options, out[i]);
  const double fusion_ms = watch.lap() / static_cast<double>(out.size());
  for (Answer& one : out) {
    one.timing.text = text_ms;
    one.timing.fusion = fusion_ms;
  }
  return out;
}

Score NativeModel::score(const Request& request, const std::string& text) const {
  const bool describes = request.question.empty();
  const auto tokens = written_tokens(*this, text, describes ? "the description" : "the answer");
  DecoderItem item;
  if (describes)
    item.image = &own_picture(*request.picture).image;
  else
    item = item_of(*this, picture_of(request), encode_question(*this, request.question));
  const double found =
      log_probability(*this, describes ? Task::kDescribe : Task::kAnswer, item, tokens);
  return {found, std::exp(found / static_cast<double>(tokens.size() + 1))};
}

}  // namespace beholder::models::native
