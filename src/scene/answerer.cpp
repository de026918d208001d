#include "scene/answerer.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/cancel.hpp"
#include "core/check.hpp"
#include "core/logistic.hpp"
#include "generation/generation.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"
#include "program/meaning.hpp"
#include "program/picture_dependence.hpp"
#include "program/trace.hpp"
#include "text/lemmatizer.hpp"
#include "text/question_kind.hpp"
#include "text/stop_words.hpp"
#include "text/words.hpp"

namespace beholder::scene {
namespace {

using fusion::Task;

constexpr std::int64_t kProgramBeams = 3;
constexpr char kAnswerMark = '=';

/// The words of a question as the reasoner reads them: (1, L, word_size).
fusion::ReasonerInput input_of(const ReasoningParts& parts, const std::string& question) {
  const auto ids = parts.tokenizer.encode(question);
  const auto length = static_cast<std::int64_t>(ids.size());
  check(length <= parts.reasoner.config().max_question_tokens, ErrorCode::kQuestionTooLong,
        "the question has ", length, " tokens and this model reasons about at most ",
        parts.reasoner.config().max_question_tokens, "; ask a shorter question");
  fusion::ReasonerInput input;
  input.words = parts.text.word_embeddings(nn::id_tensor(ids).unsqueeze(0));
  input.question_mask = at::ones({1, length}, at::kLong);
  return input;
}

/// Rows of one question's memory for `rows` hypotheses: the decoder shares it.
generation::StepFunction step_of(const fusion::FusionDecoder& decoder,
                                 const fusion::DecoderMemory& memory, nn::KeyValueCache& cache) {
  return [&](const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& tokens) {
    at::Tensor last;
    std::int64_t count = 1;
    if (!tokens.empty()) {
      cache.select(rows);
      last = nn::id_tensor(tokens);
      count = static_cast<std::int64_t>(tokens.size());
    }
    const at::Tensor hidden = decoder.step(last, count, Task::kExplain, memory, cache);
    const at::Tensor logits = decoder.logits(hidden).squeeze(1);  // (S, V)
    nn::check_finite(logits, "reasoner");
    const at::Tensor scores = at::log_softmax(logits, -1).contiguous();
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

/// What is read otherwise, as a step.
TraceStep supposed(const Doubt& doubt, const SceneView& view) {
  const Object& object = view.objects[doubt.object];
  TraceStep out{"suppose", "suppose this " + object.name, {object}, ""};
  if (doubt.attribute.empty())
    out.text += view.there[doubt.object] >= view.min_there ? " is not there" : " is there";
  else
    out.text += " is " + doubt.value + ", not " +
                view.world.things[doubt.object].attributes.at(doubt.attribute);
  return out;
}

/// "Ball" is the name of a thing in photos and of a shape among solids.
program::Program suited(program::Program program, Ground ground) {
  for (program::Step& step : program) {
    if (step.attribute != "shape") continue;
    if (ground == Ground::kSolid && step.value == "sports ball") step.value = "sphere";
    if (ground != Ground::kFlat) continue;
    // On paper a block is a square, and a ball a circle.
    if (step.value == "cube") step.value = "square";
    if (step.value == "sphere" || step.value == "sports ball") step.value = "circle";
  }
  return program;
}

/// Whether a program means what was asked, and not something that is said in other words.
bool means(const program::Program& program, const program::Asked& asked) {
  return program::misreading(program, asked).empty() && program::depends_on_picture(program);
}

Reasoned likeliest(const ReasoningParts& parts, const SceneView& view, const std::string& question,
                   const std::vector<generation::Hypothesis>& hypotheses) {
  constexpr std::size_t kMostDoubts = 24;
  const SceneView read = reading_of(view);
  const auto doubts = doubts_of(view, kMostDoubts);
  const text::AskedFor kind = text::asked_for(question);
  const program::Asked asked = program::asked_of(question);
  Reasoned out;
  out.meant = false;
  double best = 0;
  const auto try_on = [&](const SceneView& seen, const program::Program& program, double score,
                          const Doubt* doubt) {
    if (score <= best) return false;
    program::Execution execution = execute(program, seen.world);
    const bool ended =
        execution.ok() && text::fits(kind, program::answer_text(execution.values.back()));
    if (!ended && !out.program.empty()) return false;
    out.view = seen;
    out.program = program;
    out.execution = std::move(execution);
    out.supposed = doubt == nullptr ? std::nullopt : std::optional(supposed(*doubt, view));
    if (ended) best = score;
    return ended;
  };
  for (const generation::Hypothesis& hypothesis : hypotheses) {
    if (!hypothesis.finished) continue;
    std::string text;
    for (const std::int64_t token : hypothesis.tokens)
      text += (text.empty() ? "" : " ") + parts.vocabulary.token(token);
    program::Program written = program::program_from_text(text);
    if (!means(written, asked)) continue;
    out.meant = true;
    const program::Program program = suited(std::move(written), view.ground);
    const double probability = std::exp(hypothesis.log_probability);
    if (try_on(read, program, probability, nullptr)) continue;
    for (const Doubt& doubt : doubts)
      if (probability * doubt.odds > best &&
          try_on(reading_of(view, &doubt), program, probability * doubt.odds, &doubt))
        break;
  }
  if (best == 0) return out;
  out.found.confidence = calibrated(best * certainty_of(out.view), parts.slope, parts.offset);
  out.found.answers = {{program::answer_text(out.execution.values.back()), out.found.confidence}};
  return out;
}

}  // namespace

bool knows_words(const ReasoningParts& parts, const std::string& question) {
  // Words about the asking, and question words that ask for what no program gives.
  static const std::set<std::string> kNeutral = {"picture", "image", "photo", "scene", "see",
                                                 "seen",    "shown", "show",  "please"};
  static const std::set<std::string> kAskMore = {"why", "who", "whom", "whose", "when"};
  const auto& known = parts.reasoner.config().known_words;
  if (known.empty()) return true;
  const auto has = [&](const std::string& word) {
    return std::binary_search(known.begin(), known.end(), word);
  };
  for (const std::string& word : text::lower_case_words(question)) {
    if (has(word) || kNeutral.count(word) > 0) continue;
    if (text::is_stop_word(word) && kAskMore.count(word) == 0) continue;
    if (has(word + "s") || has(text::singular(word))) continue;
    return false;
  }
  return true;
}

Reasoned answer_by_program(const ReasoningParts& parts, const SceneView& view,
                           const std::string& question, const std::atomic<bool>* cancel) {
  const text::OutputVocabulary& vocabulary = parts.vocabulary;
  const program::Grammar& grammar = parts.grammar;
  const fusion::Reasoner& reasoner = parts.reasoner;
  const fusion::DecoderMemory memory = reasoner.remember(input_of(parts, question));
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
  nn::KeyValueCache cache;
  const auto step = step_of(reasoner.decoder(), memory, cache);
  const auto hypotheses = generation::beam_search(
      [&](const auto& rows, const auto& tokens) {
        check_cancelled(cancel);
        return step(rows, tokens);
      },
      options);
  return likeliest(parts, view, question, hypotheses);
}

Found answer_directly(const ReasoningParts& parts, const SceneView& view,
                      const std::string& question, const std::atomic<bool>* cancel) {
  check_cancelled(cancel);
  const text::OutputVocabulary& vocabulary = parts.vocabulary;
  const fusion::Reasoner& reasoner = parts.reasoner;
  fusion::ReasonerInput input = input_of(parts, question);
  const SceneView seen = reading_of(view);
  const auto count = static_cast<std::int64_t>(seen.world.things.size());
  if (count > 0) {
    const auto features = program::features_of(seen.world, parts.lexicon);
    input.objects = at::tensor(features, at::kFloat)
                        .view({1, count, -1})
                        .slice(2, 0, reasoner.config().object_size);
    input.object_mask = at::ones({1, count}, at::kLong);
  }
  nn::KeyValueCache cache;
  const at::Tensor hidden =
      reasoner.decoder().step({}, 1, Task::kAnswer, reasoner.remember(input), cache);
  const at::Tensor logits = reasoner.decoder().logits(hidden).view({-1}).contiguous();  // (V)
  nn::check_finite(logits, "reasoner");
  std::vector<std::int64_t> ids;
  for (std::int64_t id = 0; id < vocabulary.size(); ++id)
    if (vocabulary.token(id).front() == kAnswerMark) ids.push_back(id);
  Found out;
  const text::AskedFor kind = text::asked_for(question);
  const at::Tensor p = at::softmax(logits.index_select(0, nn::id_tensor(ids)), 0).contiguous();
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (std::string answer = vocabulary.token(ids[i]).substr(1); text::fits(kind, answer))
      out.answers.push_back({std::move(answer), p.data_ptr<float>()[i]});
  if (out.answers.empty()) return out;
  std::stable_sort(out.answers.begin(), out.answers.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  out.confidence = out.answers.front().probability;
  return out;
}

std::vector<TraceStep> steps_of(const Reasoned& reasoned) {
  std::vector<TraceStep> out;
  if (reasoned.supposed) out.push_back(*reasoned.supposed);
  for (const program::TraceStep& step : program::trace_of(reasoned.program, reasoned.execution)) {
    TraceStep shown{step.operation, step.text, {}, step.value};
    for (const std::size_t object : step.objects)
      shown.objects.push_back(reasoned.view.objects[object]);
    out.push_back(std::move(shown));
  }
  return out;
}

}  // namespace beholder::scene
