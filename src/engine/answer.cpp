// Questions: what is asked of which picture, the search, and what is made of its result.
#include <algorithm>
#include <cmath>
#include <map>

#include "core/check.hpp"
#include "engine/confidence.hpp"
#include "engine/decoder_run.hpp"
#include "engine/engine_impl.hpp"
#include "engine/stopwatch.hpp"
#include "nn/shape.hpp"
#include "text/mirror_words.hpp"

namespace beholder {
namespace {

using engine::DecoderItem;
using fusion::Task;

bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

void check_options(const AnswerOptions& options) {
  check(options.top_k >= 1 && options.top_k <= 100, ErrorCode::kUsage, "top_k is ", options.top_k,
        "; it must lie between 1 and 100");
  check(options.num_beams >= 1 && options.num_beams <= 100, ErrorCode::kUsage, "num_beams is ",
        options.num_beams, "; it must lie between 1 and 100");
  check(options.min_confidence <= 1, ErrorCode::kUsage, "min_confidence is ",
        options.min_confidence, "; it must lie between 0 and 1");
}

/// @throws Error kUsage for more tokens than the decoder has places for
void check_length(const Engine::Impl& impl, const std::vector<std::int64_t>& tokens) {
  const std::int64_t most = impl.model->config.fusion.max_position_embeddings - 1;
  check(static_cast<std::int64_t>(tokens.size()) <= most, ErrorCode::kUsage, "a text of ",
        tokens.size(), " tokens cannot be scored; this model writes ", most, " at most");
}

/// A question as the decoder sees it; the same for every picture.
struct Question {
  std::vector<nn::KeyValue> plain;  ///< a layer each, (1, H, L, d): beside one view or none
  /// (2, H, L, d): beside a picture and its mirror image, where left and right are exchanged;
  /// empty when the engine looks at no mirror image
  std::vector<nn::KeyValue> both;
  double novelty = 0;
};

Question understand(const Engine::Impl& impl, const std::string& text) {
  check(!blank(text), ErrorCode::kUsage, "the question is empty; ask something about the picture");
  const engine::Model& model = *impl.model;
  const auto embed = [&](const std::string& words) {
    return model.networks.text.forward(
        nn::id_tensor(engine::question_ids(model, words)).unsqueeze(0));  // (1, L, D)
  };
  Question out;
  const at::Tensor embeds = embed(text);
  if (model.question_centroids.defined())
    out.novelty = engine::novelty(engine::pool_question(embeds), {}, model.question_centroids);
  out.plain = model.networks.fusion.project_question(embeds);
  if (!impl.options.mirror) return out;
  const std::string turned = text::mirror_words(text);
  at::Tensor mirrored = turned == text ? embeds : embed(turned);
  // Questions of different lengths cannot lie in one tensor: both views are asked the plain one.
  if (mirrored.size(1) != embeds.size(1)) mirrored = embeds;
  out.both = model.networks.fusion.project_question(at::cat({embeds, mirrored}));
  return out;
}

DecoderItem item_of(const Engine::Impl& impl, const Picture& picture, const Question& question) {
  const auto* image = picture ? &picture.encoded()->image : &impl.no_image;
  return {image, image->front().key.size(0) > 1 ? question.both : question.plain};
}

void sort_answers(std::vector<ScoredAnswer>& answers) {
  std::stable_sort(
      answers.begin(), answers.end(),
      [](const ScoredAnswer& a, const ScoredAnswer& b) { return a.probability > b.probability; });
}

/// Log-probability of a text written from `item`.
double log_probability(const Engine::Impl& impl, Task task, const DecoderItem& item,
                       const std::vector<std::int64_t>& tokens) {
  engine::DecoderRun run(impl, task, {item});
  return generation::score(run.step_function(), tokens, impl.model->vocabulary.eos_id());
}

/// Probabilities of the choices, adding up to 1, likeliest first.
std::vector<ScoredAnswer> rank(const Engine::Impl& impl, const DecoderItem& item,
                               const AnswerOptions& options) {
  const engine::Model& model = *impl.model;
  std::vector<double> scores;
  for (const std::string& choice : options.choices) {
    engine::check_cancelled(options.cancel);
    const std::vector<std::int64_t> tokens = model.vocabulary.encode(model.tokenizer, choice);
    check(!tokens.empty(), ErrorCode::kUsage, "a choice is empty; give words between the commas");
    check_length(impl, tokens);
    scores.push_back(log_probability(impl, Task::kAnswer, item, tokens));
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

/// What a search found, likeliest first. Two ways of cutting a word into pieces are one answer.
std::vector<ScoredAnswer> gather(const engine::Model& model,
                                 const std::vector<generation::Hypothesis>& hypotheses) {
  std::vector<ScoredAnswer> out;
  for (const auto& hypothesis : hypotheses) {
    const std::string text = model.vocabulary.decode(hypothesis.tokens);
    const double probability = std::exp(hypothesis.log_probability);
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const ScoredAnswer& a) { return a.answer == text; });
    if (same != out.end())
      same->probability += probability;
    else if (!text.empty())
      out.push_back({text, probability});
  }
  if (out.empty()) out.push_back({kAbstention, 0});
  sort_answers(out);
  return out;
}

/// Confidence, abstention and the wanted number of answers.
void conclude(const engine::Model& model, const Picture& picture, const Question& question,
              const AnswerOptions& options, Answer& out) {
  const engine::CalibrationConfig& calibration = model.config.calibration;
  // Among given choices the probability is already of one of few; it is not what was calibrated.
  out.confidence = options.choices.empty() ? engine::calibrated(out.top_k.front(), calibration)
                                           : out.top_k.front().probability;
  const bool strange_picture = calibration.max_picture_distance > 0 && picture &&
                               picture.encoded()->novelty > calibration.max_picture_distance;
  const bool strange_question =
      calibration.max_question_distance > 0 && question.novelty > calibration.max_question_distance;
  out.familiar = !strange_picture && !strange_question;
  // Nothing is known about how often the model is right on such ground: at most half of it.
  if (!out.familiar) out.confidence *= 0.5;
  if (out.top_k.size() > static_cast<std::size_t>(options.top_k))
    out.top_k.resize(static_cast<std::size_t>(options.top_k));
  const double threshold =
      options.min_confidence < 0 ? calibration.min_confidence : options.min_confidence;
  const bool unfamiliar = !out.familiar && options.min_confidence < 0;
  out.abstained = unfamiliar || out.confidence < threshold;
  out.text = out.abstained ? kAbstention : out.top_k.front().answer;
}

Score score_of(double log_probability, std::size_t tokens) {
  return {log_probability, std::exp(log_probability / static_cast<double>(tokens + 1))};
}

}  // namespace

std::vector<Answer> Engine::answer(const std::vector<Picture>& pictures,
                                   const std::vector<std::string>& questions,
                                   const AnswerOptions& options) const {
  check(pictures.size() == questions.size(), ErrorCode::kUsage, pictures.size(), " pictures and ",
        questions.size(), " questions; give one question for each picture");
  check_options(options);
  std::vector<Answer> out(pictures.size());
  if (out.empty()) return out;
  const engine::ComputeGate::Place place(impl_->gate);
  const engine::Model& model = *impl_->model;
  engine::Stopwatch watch;
  std::map<std::string, Question> understood;
  for (const std::string& question : questions)
    if (understood.count(question) == 0) understood.emplace(question, understand(*impl_, question));
  std::vector<DecoderItem> items;
  for (std::size_t i = 0; i < out.size(); ++i)
    items.push_back(item_of(*impl_, pictures[i], understood.at(questions[i])));
  const double text_ms = watch.lap() / static_cast<double>(out.size());

  if (!options.choices.empty()) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i].top_k = rank(*impl_, items[i], options);
  } else {
    generation::GenerationOptions search;
    search.num_beams = std::max(options.num_beams, options.top_k);
    search.num_return = search.num_beams;
    search.length_penalty = 0;  // the likeliest answer, so that its probability can be a confidence
    search.max_new_tokens =
        std::min<std::int64_t>(16, model.config.fusion.max_position_embeddings - 1);
    search.forbidden = impl_->forbidden;
    search.end_token = model.vocabulary.eos_id();
    const auto found = engine::search_all(*impl_, Task::kAnswer, items, search, options.cancel);
    for (std::size_t i = 0; i < out.size(); ++i) out[i].top_k = gather(model, found[i]);
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    conclude(model, pictures[i], understood.at(questions[i]), options, out[i]);
  const double fusion_ms = watch.lap() / static_cast<double>(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].timing = pictures[i].timing();
    out[i].timing.text = text_ms;
    out[i].timing.fusion = fusion_ms;
  }
  return out;
}

Answer Engine::answer(const Picture& picture, const std::string& question,
                      const AnswerOptions& options) const {
  return answer(std::vector{picture}, std::vector{question}, options).front();
}

Score Engine::score(const Picture& picture, const std::string& question,
                    const std::string& answer) const {
  const engine::ComputeGate::Place place(impl_->gate);
  const auto tokens = impl_->model->vocabulary.encode(impl_->model->tokenizer, answer);
  check(!tokens.empty(), ErrorCode::kUsage, "the answer is empty; give some words to be scored");
  check_length(*impl_, tokens);
  const DecoderItem item = item_of(*impl_, picture, understand(*impl_, question));
  return score_of(log_probability(*impl_, Task::kAnswer, item, tokens), tokens.size());
}

Score Engine::score(const Picture& picture, const std::string& description) const {
  check(static_cast<bool>(picture), ErrorCode::kUsage, "a description is scored with a picture");
  const engine::ComputeGate::Place place(impl_->gate);
  const auto tokens = impl_->model->vocabulary.encode(impl_->model->tokenizer, description);
  check(!tokens.empty(), ErrorCode::kUsage,
        "the description is empty; give some words to be scored");
  check_length(*impl_, tokens);
  const DecoderItem item{&picture.encoded()->image, {}};
  return score_of(log_probability(*impl_, Task::kDescribe, item, tokens), tokens.size());
}

std::vector<float> Engine::embed(const std::string& text) const {
  check(!blank(text), ErrorCode::kUsage, "the text is empty; give some words to be embedded");
  const engine::ComputeGate::Place place(impl_->gate);
  const auto ids = engine::question_ids(*impl_->model, text);
  return engine::unit_vector(
      engine::pool_question(impl_->model->networks.text.forward(nn::id_tensor(ids).unsqueeze(0))));
}

}  // namespace beholder
