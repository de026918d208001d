#include "engine/reason.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "engine/confidence.hpp"
#include "engine/decoder_run.hpp"
#include "generation/generation.hpp"
#include "nn/shape.hpp"
#include "program/trace.hpp"

namespace beholder::engine {
namespace {

using fusion::Task;

constexpr std::int64_t kProgramBeams = 3;
constexpr char kAnswerMark = '=';

/// The words of a question as the reasoner reads them: (1, L, word_size).
fusion::ReasonerInput input_of(const Model& model, const std::string& question) {
  const auto ids = model.tokenizer.encode(question);
  const auto length = static_cast<std::int64_t>(ids.size());
  check(length <= model.config.reasoner->max_question_tokens, ErrorCode::kQuestionTooLong,
        "the question has ", length, " tokens and this model reasons about at most ",
        model.config.reasoner->max_question_tokens, "; ask a shorter question");
  fusion::ReasonerInput input;
  input.words = model.networks.text.word_embeddings(nn::id_tensor(ids).unsqueeze(0));
  input.question_mask = at::ones({1, length}, at::kLong);
  return input;
}

/// Rows of one question's memory for `rows` hypotheses: the decoder shares it.
generation::StepFunction step_of(const fusion::FusionDecoder& decoder,
                                 const fusion::DecoderMemory& memory, fusion::DecoderCache& cache) {
  return [&](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
    at::Tensor last;
    std::int64_t count = 1;
    if (!tokens.empty()) {
      cache.select(nn::id_tensor(rows));
      last = nn::id_tensor(tokens);
      count = static_cast<std::int64_t>(tokens.size());
    }
    const at::Tensor hidden = decoder.step(last, count, Task::kExplain, memory, cache);
    const at::Tensor scores =
        at::log_softmax(decoder.logits(hidden).squeeze(1), -1).contiguous();  // (S, V)
    return std::vector<float>(scores.data_ptr<float>(), scores.data_ptr<float>() + scores.numel());
  };
}

/// How sure one can be of a number of objects together.
double certainty_of(const SceneView& view) {
  double out = 1;
  for (const Object& object : view.objects) out *= object.confidence;
  // Most questions touch few of the objects: the mean certainty, for three of them.
  const auto count = static_cast<double>(view.objects.size());
  return count == 0 ? 1 : std::pow(out, std::min(1.0, 3 / count));
}

}  // namespace

SceneView reasoning_part(const Model& model, const SceneView& view) {
  return certain_part(view, model.config.detector->min_confidence, view.objects.size());
}

Reasoned ProgramAnswerer::reason(const SceneView& view, const std::string& question,
                                 const std::atomic<bool>* cancel) const {
  const text::OutputVocabulary& vocabulary = *model_.reasoner_vocabulary;
  const program::Grammar& grammar = *model_.grammar;
  const fusion::Reasoner& reasoner = *model_.networks.reasoner;
  const fusion::DecoderMemory memory = reasoner.remember(input_of(model_, question));
  const auto places = [](const std::vector<std::int64_t>& written) {
    return std::vector<std::size_t>(written.begin(), written.end());
  };
  generation::GenerationOptions options;
  options.max_new_tokens = reasoner.config().max_program_tokens;
  options.num_beams = options.num_return = kProgramBeams;
  options.length_penalty = 0;
  options.end_token = vocabulary.eos_id();
  options.allowed = [&](const std::vector<std::int64_t>& written, std::int64_t token) {
    if (token == vocabulary.eos_id()) return grammar.complete(places(written));
    return grammar.allows(places(written), static_cast<std::size_t>(token));
  };
  fusion::DecoderCache cache;
  const auto step = step_of(reasoner.decoder(), memory, cache);
  const auto hypotheses = generation::beam_search(
      [&](const auto& rows, const auto& tokens) {
        check_cancelled(cancel);
        return step(rows, tokens);
      },
      options);
  Reasoned out;
  double before = 1;
  for (const generation::Hypothesis& hypothesis : hypotheses) {
    if (!hypothesis.finished) continue;
    std::string text;
    for (const std::int64_t token : hypothesis.tokens)
      text += (text.empty() ? "" : " ") + vocabulary.token(token);
    Reasoned tried;
    tried.program = program::program_from_text(text);
    tried.execution = execute(tried.program, view.world);
    const double probability = std::exp(hypothesis.log_probability);
    if (!tried.execution.ok()) {
      // What was likelier and failed speaks against the picture's or the question's reading.
      before *= 1 - probability;
      if (out.program.empty()) out = std::move(tried);
      continue;
    }
    const CalibrationConfig& calibration = model_.config.calibration;
    tried.found.confidence = calibrated(probability * certainty_of(view) * std::max(before, 0.3),
                                        calibration.program_slope, calibration.program_offset);
    tried.found.answers = {
        {program::answer_text(tried.execution.values.back()), tried.found.confidence}};
    return tried;
  }
  return out;
}

Found ProgramAnswerer::answer(const SceneView& view, const std::string& question,
                              const std::atomic<bool>* cancel) const {
  return reason(view, question, cancel).found;
}

Found DirectAnswerer::answer(const SceneView& view, const std::string& question,
                             const std::atomic<bool>* cancel) const {
  check_cancelled(cancel);
  const text::OutputVocabulary& vocabulary = *model_.reasoner_vocabulary;
  const fusion::Reasoner& reasoner = *model_.networks.reasoner;
  fusion::ReasonerInput input = input_of(model_, question);
  const auto count = static_cast<std::int64_t>(view.world.things.size());
  if (count > 0) {
    const auto features = program::features_of(view.world, model_.config.lexicon);
    input.objects = at::tensor(features, at::kFloat).view({1, count, -1});
    input.object_mask = at::ones({1, count}, at::kLong);
  }
  fusion::DecoderCache cache;
  const at::Tensor hidden =
      reasoner.decoder().step({}, 1, Task::kAnswer, reasoner.remember(input), cache);
  const at::Tensor logits = reasoner.decoder().logits(hidden).view({-1}).contiguous();  // (V)
  std::vector<std::int64_t> ids;
  for (std::int64_t id = 0; id < vocabulary.size(); ++id)
    if (vocabulary.token(id).front() == kAnswerMark) ids.push_back(id);
  Found out;
  const at::Tensor p = at::softmax(logits.index_select(0, nn::id_tensor(ids)), 0).contiguous();
  for (std::size_t i = 0; i < ids.size(); ++i)
    out.answers.push_back({vocabulary.token(ids[i]).substr(1), p.data_ptr<float>()[i]});
  std::stable_sort(out.answers.begin(), out.answers.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  out.confidence = out.answers.front().probability;
  return out;
}

std::vector<TraceStep> steps_of(const Reasoned& reasoned, const SceneView& view) {
  std::vector<TraceStep> out;
  for (const program::TraceStep& step : program::trace_of(reasoned.program, reasoned.execution)) {
    TraceStep shown{step.operation, step.text, {}, step.value};
    for (const std::size_t object : step.objects) shown.objects.push_back(view.objects[object]);
    out.push_back(std::move(shown));
  }
  return out;
}

}  // namespace beholder::engine
