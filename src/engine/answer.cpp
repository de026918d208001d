// Questions: what is asked of which picture, the search, and what is made of its result.
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/check.hpp"
#include "engine/confidence.hpp"
#include "engine/decoder_run.hpp"
#include "engine/engine_impl.hpp"
#include "engine/photo_counts.hpp"
#include "engine/question.hpp"
#include "engine/reason.hpp"
#include "engine/scene_text.hpp"
#include "engine/stopwatch.hpp"
#include "nn/shape.hpp"
#include "program/failure_text.hpp"
#include "text/name_question.hpp"
#include "text/question_kind.hpp"

namespace beholder {
namespace {

using engine::DecoderItem;
using engine::item_of;
using engine::Question;
using engine::understand;
using engine::written_tokens;
using fusion::Task;

void check_options(const AnswerOptions& options, bool published) {
  check(options.top_k >= 1 && options.top_k <= 100, ErrorCode::kUsage, "top_k is ", options.top_k,
        "; it must lie between 1 and 100");
  check(options.num_beams >= 1 && options.num_beams <= 100, ErrorCode::kUsage, "num_beams is ",
        options.num_beams, "; it must lie between 1 and 100");
  engine::check_max_new_tokens(options.max_new_tokens, published);
  check(options.min_confidence <= 1, ErrorCode::kUsage, "min_confidence is ",
        options.min_confidence, "; it must lie between 0 and 1");
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
  std::vector<double> scores;
  for (const std::string& choice : options.choices) {
    engine::check_cancelled(options.cancel);
    scores.push_back(
        log_probability(impl, Task::kAnswer, item, written_tokens(impl, choice, "a choice")));
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
std::vector<ScoredAnswer> gather(const engine::Model& model,
                                 const std::vector<generation::Hypothesis>& hypotheses,
                                 const text::AskedFor& asked) {
  std::vector<ScoredAnswer> out;
  for (const auto& hypothesis : hypotheses) {
    const std::string text = model.vocabulary.decode(hypothesis.tokens);
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
void conclude(const Engine::Impl& impl, const Picture& picture, const Question& question,
              const AnswerOptions& options, Answer& out) {
  const engine::CalibrationConfig& calibration = impl.model->config.calibration;
  // Among given choices the probability is already of one of few; it is not what was calibrated.
  out.confidence = options.choices.empty() ? engine::calibrated(out.top_k.front(), calibration)
                                           : out.top_k.front().probability;
  const bool strange_picture =
      impl.off_ground(picture) || (calibration.max_picture_distance > 0 && picture &&
                                   picture.encoded()->novelty > calibration.max_picture_distance);
  const bool strange_question =
      calibration.max_question_distance > 0 && question.novelty > calibration.max_question_distance;
  out.familiar = !strange_picture && !strange_question;
  // Nothing is known about how often the model is right on such ground: at most half of it.
  if (!out.familiar) out.confidence *= 0.5;
  // Given choices are ranked, whatever they are; one that answers another question is not vouched
  // for.
  if (!options.choices.empty() && !text::fits(question.asked, out.top_k.front().answer))
    out.confidence *= kWrongKind;
  if (out.top_k.size() > static_cast<std::size_t>(options.top_k))
    out.top_k.resize(static_cast<std::size_t>(options.top_k));
  const engine::AnswerKind kind = engine::answer_kind(out.top_k.front().answer);
  const double threshold = options.min_confidence < 0
                               ? engine::calibration_of(kind, calibration).min_confidence
                               : options.min_confidence;
  const bool unfamiliar = !out.familiar && options.min_confidence < 0;
  out.abstained = unfamiliar || out.confidence < threshold;
  out.text = out.abstained ? kAbstention : out.top_k.front().answer;
}

Score score_of(double log_probability, std::size_t tokens) {
  return {log_probability, std::exp(log_probability / static_cast<double>(tokens + 1))};
}

}  // namespace

namespace {

/// What a scene shows, as an answer to "what is this?": all its objects.
engine::Found described(const engine::SceneView& view) {
  engine::Found out;
  for (const Description& one : engine::describe_scene(engine::reading_of(view), {})) {
    out.confidence = one.probability;
    out.answers.push_back({one.text, one.probability});
  }
  return out;
}

/// Answers found on objects: cut to what was asked for, and withheld below the threshold.
Answer conclude(const engine::Model& model, const Picture& picture, Method method,
                engine::Found found, const AnswerOptions& options) {
  Answer out;
  out.method = method;
  out.top_k = std::move(found.answers);
  if (out.top_k.empty()) out.top_k.push_back({kAbstention, 0});
  if (out.top_k.size() > static_cast<std::size_t>(options.top_k))
    out.top_k.resize(static_cast<std::size_t>(options.top_k));
  out.confidence = found.confidence;
  const double threshold =
      options.min_confidence < 0 ? model.config.calibration.min_confidence : options.min_confidence;
  out.abstained = out.confidence < threshold || out.top_k.front().answer == kAbstention;
  out.text = out.abstained ? kAbstention : out.top_k.front().answer;
  out.timing = picture.timing();
  return out;
}

}  // namespace

std::vector<Answer> Engine::Impl::look(const std::vector<Picture>& pictures,
                                       const std::vector<std::string>& questions,
                                       const AnswerOptions& asked) const {
  std::vector<Answer> out(pictures.size());
  if (out.empty()) return out;
  engine::Stopwatch watch;
  std::map<std::string, Question> understood;
  for (const std::string& question : questions)
    if (understood.count(question) == 0) understood.emplace(question, understand(*this, question));
  std::vector<DecoderItem> items;
  for (std::size_t i = 0; i < out.size(); ++i)
    items.push_back(item_of(*this, pictures[i], understood.at(questions[i])));
  const double text_ms = watch.lap() / static_cast<double>(out.size());

  if (!asked.choices.empty()) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i].top_k = rank(*this, items[i], asked);
  } else {
    generation::GenerationOptions search;
    search.num_beams = std::max(asked.num_beams, asked.top_k);
    search.num_return = search.num_beams;
    search.length_penalty = 0;  // the likeliest answer, so that its probability can be a confidence
    search.max_new_tokens = std::min<std::int64_t>(
        {asked.max_new_tokens, 16, model->config.fusion.max_position_embeddings - 1});
    search.forbidden = forbidden;
    search.end_token = model->vocabulary.eos_id();
    const auto found = engine::search_all(*this, Task::kAnswer, items, search, asked.cancel);
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i].top_k = gather(*model, found[i], understood.at(questions[i]).asked);
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    conclude(*this, pictures[i], understood.at(questions[i]), asked, out[i]);
  const double fusion_ms = watch.lap() / static_cast<double>(out.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i].timing = pictures[i].timing();
    out[i].timing.text = text_ms;
    out[i].timing.fusion = fusion_ms;
  }
  return out;
}

bool Engine::Impl::shows_scene(const Picture& picture) const {
  return picture && picture.encoded()->perhaps_scene &&
         view(picture).ground != engine::Ground::kPhoto;
}

bool Engine::Impl::off_ground(const Picture& picture) const {
  return picture && picture.encoded()->no_photo && !shows_scene(picture);
}

std::optional<Answer> Engine::Impl::count(const Picture& picture, const std::string& written,
                                          const AnswerOptions& asked) const {
  if (!picture || !model->photo_objects || asked.method != Method::kAuto || off_ground(picture))
    return std::nullopt;
  const std::string question = engine::normalised_question(written);
  if (text::asked_for(question).kind != text::QuestionKind::kNumber ||
      !engine::knows_words(*model, question))
    return std::nullopt;
  engine::Stopwatch watch;
  const engine::SceneView& view = this->view(picture);
  const program::Program program =
      engine::ProgramAnswerer(*model).reason(view, question, asked.cancel).program;
  if (program.size() != 3 || program[1].operation != program::Operation::kFilter ||
      program[1].attribute != "shape" || program[2].operation != program::Operation::kCount)
    return std::nullopt;
  std::vector<double> certain;
  for (const Object& object : view.objects)
    if (object.name == program[1].value && object.confidence >= engine::kCountedThing)
      certain.push_back(object.confidence);
  const auto counted = engine::count_things(certain);
  if (!counted) return std::nullopt;
  engine::Found found;
  found.answers = {{std::to_string(counted->number), counted->confidence}};
  found.confidence = counted->confidence;
  AnswerOptions options = asked;
  if (options.min_confidence < 0)
    options.min_confidence = model->config.calibration.number_min_confidence;
  Answer out = conclude(*model, picture, Method::kDirect, std::move(found), options);
  out.timing.fusion = watch.lap();
  return out;
}

std::optional<Answer> Engine::Impl::reason(const Picture& picture, const std::string& written,
                                           const AnswerOptions& asked,
                                           engine::Reasoned* how) const {
  if (!asked.choices.empty() && asked.method != Method::kProgram) return std::nullopt;
  const bool forced = asked.method == Method::kProgram;
  if (!model->networks.reasoner) return std::nullopt;
  if (!forced && !shows_scene(picture)) return count(picture, written, asked);
  engine::Stopwatch watch;
  const std::string question = engine::normalised_question(written);
  check(!question.empty(), ErrorCode::kUsage,
        "the question is empty; ask something about the picture");
  const engine::SceneView& view = this->view(picture);
  const text::AskedFor kind = text::asked_for(question);
  Method method = Method::kProgram;
  engine::Reasoned reasoned;
  if (!forced && kind.whole_picture) {
    Answer out = conclude(*model, picture, Method::kDirect, described(view), asked);
    out.timing.fusion = watch.lap();
    return out;
  }
  if (asked.method != Method::kDirect)
    reasoned = engine::ProgramAnswerer(*model).reason(view, question, asked.cancel);
  engine::Found found = reasoned.found;
  const bool meant = reasoned.meant;
  if (how != nullptr) *how = std::move(reasoned);
  // A program that came to its end is right more often than any direct answer; see the model card.
  if (!forced && found.confidence < engine::kTrustedProgram) {
    engine::Found direct = engine::DirectAnswerer(*model).answer(view, question, asked.cancel);
    if (!meant) direct.confidence *= engine::kNoProgramMeans;
    if (found.answers.empty() || direct.confidence > found.confidence) {
      found = std::move(direct);
      method = Method::kDirect;
    }
  }
  const bool known = engine::knows_words(*model, question);
  if (!known) found.confidence *= engine::kUnknownWords;
  Answer out = conclude(*model, picture, method, std::move(found), asked);
  out.familiar = known;
  if (!known && asked.min_confidence < 0) {
    out.abstained = true;
    out.text = kAbstention;
  }
  out.timing.fusion = watch.lap();
  return out;
}

std::optional<Answer> Engine::Impl::name(const Picture& picture, const std::string& written,
                                         const AnswerOptions& asked) const {
  if (!model->names || !picture || !asked.choices.empty() || asked.method != Method::kAuto)
    return std::nullopt;
  const auto question = text::name_question(engine::normalised_question(written));
  if (!question || shows_scene(picture) || off_ground(picture)) return std::nullopt;
  engine::Stopwatch watch;
  const Picture::Encoded& seen = *picture.encoded();
  const c10::InferenceMode inference;
  const at::Tensor logits =
      model->networks.imagenet_head
          ->forward(seen.pooled.slice(0, 0, vision::EfficientNetStem::kStride32Channels))
          .to(at::kFloat)
          .contiguous();
  const float* first = logits.data_ptr<float>();
  const auto named = model->names->answer(*question, {first, first + logits.numel()}, [&] {
    std::vector<engine::NameAnswerer::Seen> out;
    const double area = static_cast<double>(seen.width) * seen.height;
    for (const Object& object : view(picture).objects) {
      const Box& box = object.box;
      out.push_back(
          {object.name, object.confidence, (box.right - box.left) * (box.bottom - box.top) / area});
    }
    return out;
  });
  if (!named) return std::nullopt;
  AnswerOptions options = asked;
  if (options.min_confidence < 0)
    options.min_confidence = engine::is_yes_or_no(named->answers.front().answer)
                                 ? model->config.calibration.yes_no_min_confidence
                                 : model->config.names->min_confidence;
  Answer out =
      conclude(*model, picture, Method::kDirect, {named->answers, named->confidence}, options);
  out.timing.fusion = watch.lap();
  return out;
}

std::vector<Answer> Engine::answer(const std::vector<Picture>& pictures,
                                   const std::vector<std::string>& questions,
                                   const AnswerOptions& options) const {
  check(pictures.size() == questions.size(), ErrorCode::kUsage, pictures.size(), " pictures and ",
        questions.size(), " questions; give one question for each picture");
  check_options(options, impl_->imported != nullptr);
  check(options.method != Method::kProgram || can(Skill::kExplain), ErrorCode::kUnsupported,
        impl_->directory.string(), ": this model writes no programs; leave the method open");
  const engine::ComputeGate::Place place(impl_->gate);
  std::vector<Answer> out(pictures.size());
  if (impl_->imported) {
    check(can(Skill::kAnswer), ErrorCode::kUnsupported, impl_->directory.string(),
          ": this model cannot answer questions; use one that was trained to (beholder model info "
          "lists what a model can do)");
    for (std::size_t i = 0; i < out.size(); ++i) {
      check(static_cast<bool>(pictures[i]), ErrorCode::kUsage,
            "this model answers from a picture; give one");
      out[i] = impl_->imported->answer(*pictures[i].encoded(), questions[i], options);
      out[i].timing.decode = pictures[i].timing().decode;
      out[i].timing.vision = pictures[i].timing().vision;
    }
    return out;
  }
  std::vector<std::size_t> left;
  std::vector<Picture> seen;
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < out.size(); ++i) {
    auto answer = impl_->reason(pictures[i], questions[i], options);
    if (!answer) answer = impl_->name(pictures[i], questions[i], options);
    if (answer) {
      out[i] = std::move(*answer);
      continue;
    }
    left.push_back(i);
    seen.push_back(pictures[i]);
    asked.push_back(questions[i]);
  }
  std::vector<Answer> rest = impl_->look(seen, asked, options);
  for (std::size_t k = 0; k < left.size(); ++k) out[left[k]] = std::move(rest[k]);
  return out;
}

Explanation Engine::explain(const Picture& picture, const std::string& question,
                            const AnswerOptions& options) const {
  check_options(options, impl_->imported != nullptr);
  check(can(Skill::kExplain), ErrorCode::kUnsupported, impl_->directory.string(),
        ": this model cannot give explanations; use one that was trained to (beholder model info "
        "lists what a model can do)");
  check(static_cast<bool>(picture), ErrorCode::kUsage, "an answer is explained by a picture");
  Explanation out;
  const engine::ComputeGate::Place place(impl_->gate);
  engine::Reasoned reasoned;
  if (auto answer = impl_->reason(picture, question, options, &reasoned))
    out.answer = std::move(*answer);
  else if (auto named = impl_->name(picture, question, options))
    out.answer = std::move(*named);
  else
    out.answer = impl_->look({picture}, {question}, options).front();
  if (!reasoned.program.empty())
    out.failure = program::failure_text(reasoned.program, reasoned.execution);
  if (out.answer.method != Method::kProgram) return out;
  out.program = program::program_to_text(reasoned.program);
  if (reasoned.execution.ok()) out.steps = engine::steps_of(reasoned);
  return out;
}

Answer Engine::answer(const Picture& picture, const std::string& question,
                      const AnswerOptions& options) const {
  return answer(std::vector{picture}, std::vector{question}, options).front();
}

Score Engine::score(const Picture& picture, const std::string& question,
                    const std::string& answer) const {
  impl_->own_model("say how likely a given answer is; ask it with --choices");
  const engine::ComputeGate::Place place(impl_->gate);
  const auto tokens = written_tokens(*impl_, answer, "the answer");
  const DecoderItem item = item_of(*impl_, picture, understand(*impl_, question));
  return score_of(log_probability(*impl_, Task::kAnswer, item, tokens), tokens.size());
}

Score Engine::score(const Picture& picture, const std::string& description) const {
  check(static_cast<bool>(picture), ErrorCode::kUsage, "a description is scored with a picture");
  impl_->own_model("say how likely a given description is");
  const engine::ComputeGate::Place place(impl_->gate);
  const auto tokens = written_tokens(*impl_, description, "the description");
  const DecoderItem item{&picture.encoded()->image, {}};
  return score_of(log_probability(*impl_, Task::kDescribe, item, tokens), tokens.size());
}

Match Engine::match(const Picture& picture, const std::string& text) const {
  check(
      can(Skill::kMatch), ErrorCode::kUnsupported, impl_->directory.string(),
      ": this model cannot match texts with pictures; use one that was trained to, such as a BLIP "
      "image-text retrieval checkpoint");
  check(static_cast<bool>(picture), ErrorCode::kUsage,
        "a text is matched with a picture; give one");
  const engine::ComputeGate::Place place(impl_->gate);
  return impl_->imported->match(*picture.encoded(), text);
}

std::vector<float> Engine::embed(const std::string& text) const {
  check(!engine::blank(text), ErrorCode::kUsage,
        "the text is empty; give some words to be embedded");
  const engine::ComputeGate::Place place(impl_->gate);
  if (impl_->imported) return impl_->imported->embed(text);
  const auto ids = engine::question_ids(*impl_->model, text);
  return engine::unit_vector(
      engine::pool_question(impl_->model->networks.text.forward(nn::id_tensor(ids).unsqueeze(0))));
}

}  // namespace beholder
