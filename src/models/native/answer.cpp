// Questions: by objects and programs, by names, and by the decoder, whichever knows the picture.
#include "core/check.hpp"
#include "core/stopwatch.hpp"
#include "models/confidence.hpp"
#include "models/native/native_model.hpp"
#include "models/native/question.hpp"
#include "program/failure_text.hpp"
#include "scene/photo_counts.hpp"
#include "scene/scene_text.hpp"
#include "text/name_question.hpp"
#include "text/question_kind.hpp"

namespace beholder::models::native {
namespace {

/// What a scene shows, as an answer to "what is this?": all its objects.
scene::Found described(const scene::SceneView& view) {
  scene::Found out;
  for (const Description& one : scene::describe_scene(scene::reading_of(view), {})) {
    out.confidence = one.probability;
    out.answers.push_back({one.text, one.probability});
  }
  return out;
}

/// Answers found on objects: cut to what was asked for, and withheld below the threshold.
/// @param own the threshold where the options leave it open
Answer conclude(Method method, scene::Found found, double own, const AnswerOptions& options) {
  Answer out;
  out.method = method;
  out.top_k = std::move(found.answers);
  if (out.top_k.empty()) out.top_k.push_back({kAbstention, 0});
  out.confidence = found.confidence;
  const double threshold = options.min_confidence < 0 ? own : options.min_confidence;
  models::conclude(out, options.top_k,
                   out.confidence < threshold || out.top_k.front().answer == kAbstention);
  return out;
}

/// The kind of thing that a program counts; null for other programs.
const std::string* counted_kind(const program::Program& program) {
  const bool counts = program.size() == 3 && program[1].operation == program::Operation::kFilter &&
                      program[1].attribute == "shape" &&
                      program[2].operation == program::Operation::kCount;
  return counts ? &program[1].value : nullptr;
}

}  // namespace

std::optional<Answer> NativeModel::answer_by_count(const NativePicture* picture,
                                                   const std::string& written,
                                                   const AnswerOptions& options) const {
  if (picture == nullptr || !checkpoint_.photo_objects || options.method != Method::kAuto ||
      off_ground(picture) || scorer_answers(*picture))
    return std::nullopt;
  const std::string question = normalised_question(written);
  const scene::ReasoningParts parts = checkpoint_.reasoning();
  if (text::asked_for(question).kind != text::QuestionKind::kNumber ||
      !scene::knows_words(parts, question))
    return std::nullopt;
  Stopwatch watch;
  const scene::SceneView& seen = view(*picture);
  const program::Program program =
      scene::answer_by_program(parts, seen, question, options.cancel).program;
  const std::string* kind = counted_kind(program);
  if (kind == nullptr) return std::nullopt;
  std::vector<double> certain;
  for (const Object& object : seen.objects)
    if (object.name == *kind && object.confidence >= scene::kCountedThing)
      certain.push_back(object.confidence);
  const auto counted = scene::count_things(certain);
  if (!counted) return std::nullopt;
  Answer out =
      conclude(Method::kDirect,
               {{{std::to_string(counted->number), counted->confidence}}, counted->confidence},
               checkpoint_.config.calibration.number_min_confidence, options);
  out.timing.fusion = watch.lap();
  return out;
}

std::optional<Answer> NativeModel::answer_by_objects(const NativePicture* picture,
                                                     const std::string& written,
                                                     const AnswerOptions& options,
                                                     scene::Reasoned* how) const {
  const bool forced = options.method == Method::kProgram;
  if (!options.choices.empty() && !forced) return std::nullopt;
  if (!checkpoint_.networks.reasoner) return std::nullopt;
  if (!forced && !shows_scene(picture)) return answer_by_count(picture, written, options);
  Stopwatch watch;
  const std::string question = normalised_question(written);
  check(!question.empty(), ErrorCode::kUsage,
        "the question is empty; ask something about the picture");
  check(picture != nullptr, ErrorCode::kUsage, "objects are found in a picture; give one");
  const scene::SceneView& seen = view(*picture);
  const double least = checkpoint_.config.calibration.min_confidence;
  if (!forced && text::asked_for(question).whole_picture) {
    Answer out = conclude(Method::kDirect, described(seen), least, options);
    out.timing.fusion = watch.lap();
    return out;
  }
  const scene::ReasoningParts parts = checkpoint_.reasoning();
  Method method = Method::kProgram;
  scene::Reasoned reasoned;
  if (options.method != Method::kDirect)
    reasoned = scene::answer_by_program(parts, seen, question, options.cancel);
  scene::Found found = reasoned.found;
  const bool meant = reasoned.meant;
  if (how != nullptr) *how = std::move(reasoned);
  // A program that came to its end is right more often than any direct answer; see the model card.
  if (!forced && found.confidence < scene::kTrustedProgram) {
    scene::Found direct = scene::answer_directly(parts, seen, question, options.cancel);
    if (!meant) direct.confidence *= scene::kNoProgramMeans;
    if (found.answers.empty() || direct.confidence > found.confidence) {
      found = std::move(direct);
      method = Method::kDirect;
    }
  }
  const bool known = scene::knows_words(parts, question);
  if (!known) found.confidence *= scene::kUnknownWords;
  Answer out = conclude(method, std::move(found), least, options);
  out.familiar = known;
  if (!known && options.min_confidence < 0) {
    out.abstained = true;
    out.text = kAbstention;
  }
  out.timing.fusion = watch.lap();
  return out;
}

std::optional<Answer> NativeModel::answer_by_names(const NativePicture* picture,
                                                   const std::string& written,
                                                   const AnswerOptions& options) const {
  if (!checkpoint_.names || picture == nullptr || !options.choices.empty() ||
      options.method != Method::kAuto)
    return std::nullopt;
  const auto question = text::name_question(normalised_question(written));
  if (!question || shows_scene(picture) || off_ground(picture)) return std::nullopt;
  Stopwatch watch;
  const auto named = checkpoint_.names->answer(*question, class_logits(*picture), [&] {
    std::vector<scene::NameAnswerer::Seen> out;
    const double area = static_cast<double>(picture->width) * picture->height;
    for (const Object& object : view(*picture).objects) {
      const Box& box = object.box;
      out.push_back(
          {object.name, object.confidence, (box.right - box.left) * (box.bottom - box.top) / area});
    }
    return out;
  });
  if (!named) return std::nullopt;
  Answer out = conclude(Method::kDirect, {named->answers, named->confidence},
                        is_yes_or_no(named->answers.front().answer)
                            ? checkpoint_.config.calibration.yes_no_min_confidence
                            : checkpoint_.config.names->min_confidence,
                        options);
  out.timing.fusion = watch.lap();
  return out;
}

std::vector<Answer> NativeModel::answer(const std::vector<Request>& requests,
                                        const AnswerOptions& options) const {
  std::vector<Answer> out(requests.size());
  std::vector<std::size_t> places;
  std::vector<Request> left;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const NativePicture* picture = picture_of(requests[i]);
    auto found = answer_by_reading(picture, requests[i].question, options);
    if (!found) found = answer_by_objects(picture, requests[i].question, options);
    if (!found) found = answer_by_names(picture, requests[i].question, options);
    if (!found) found = answer_by_evidence(picture, requests[i].question, options);
    if (found) {
      out[i] = std::move(*found);
      continue;
    }
    places.push_back(i);
    left.push_back(requests[i]);
  }
  std::vector<Answer> rest = answer_by_decoder(left, options);
  for (std::size_t k = 0; k < places.size(); ++k) out[places[k]] = std::move(rest[k]);
  return out;
}

Explanation NativeModel::explain(const Request& request, const AnswerOptions& options) const {
  if (!checkpoint_.networks.reasoner) return Model::explain(request, options);
  Explanation out;
  const NativePicture* picture = picture_of(request);
  scene::Reasoned reasoned;
  if (auto read = answer_by_reading(picture, request.question, options))
    out.answer = std::move(*read);
  else if (auto found = answer_by_objects(picture, request.question, options, &reasoned))
    out.answer = std::move(*found);
  else if (auto named = answer_by_names(picture, request.question, options))
    out.answer = std::move(*named);
  else if (auto scored = answer_by_evidence(picture, request.question, options))
    out.answer = std::move(*scored);
  else
    out.answer = answer_by_decoder({request}, options).front();
  if (!reasoned.program.empty())
    out.failure = program::failure_text(reasoned.program, reasoned.execution);
  if (out.answer.method != Method::kProgram) return out;
  out.program = program::program_to_text(reasoned.program);
  if (reasoned.execution.ok()) out.steps = scene::steps_of(reasoned);
  return out;
}

}  // namespace beholder::models::native
