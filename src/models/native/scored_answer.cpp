// Everyday questions about photos, by the answer scorer.
#include "core/cancel.hpp"
#include "core/check.hpp"
#include "core/stopwatch.hpp"
#include "models/confidence.hpp"
#include "models/native/native_model.hpp"
#include "models/native/question.hpp"

namespace beholder::models::native {

std::vector<float> NativeModel::class_logits(const NativePicture& picture) const {
  const at::Tensor logits =
      checkpoint_.networks.imagenet_head
          ->forward(picture.pooled.slice(0, 0, vision::EfficientNetStem::kStride32Channels))
          .to(at::kFloat)
          .contiguous();
  return {logits.data_ptr<float>(), logits.data_ptr<float>() + logits.numel()};
}

bool NativeModel::scorer_answers(const NativePicture& photo) const {
  return checkpoint_.answer_scorer && !checkpoint_.answer_scorer->leaves_to_decoder(photo.pooled);
}

scene::PhotoFacts NativeModel::facts_of(const NativePicture& photo, bool things) const {
  scene::PhotoFacts out;
  out.words = checkpoint_.answer_scorer->words(photo.pooled);
  out.classes = checkpoint_.names->probabilities(class_logits(photo));
  if (things) out.things = view(photo).objects;
  out.width = photo.width;
  out.height = photo.height;
  out.photo = &photo.photo;
  return out;
}

std::optional<Answer> NativeModel::answer_by_evidence(const NativePicture* picture,
                                                      const std::string& written,
                                                      const AnswerOptions& options) const {
  if (picture == nullptr || options.method != Method::kAuto || !scorer_answers(*picture) ||
      shows_scene(picture) || off_ground(picture))
    return std::nullopt;
  Stopwatch watch;
  const scene::AnswerScorer& scorer = *checkpoint_.answer_scorer;
  const std::string question = normalised_question(written);
  check(!question.empty(), ErrorCode::kUsage,
        "the question is empty; ask something about the picture");
  question_ids(checkpoint_, question);  // throws: too long a question is never cut
  check_cancelled(options.cancel);
  const scene::PhotoFacts facts = facts_of(*picture, scorer.wants_things(question));
  Answer out;
  double threshold = 0;
  if (!options.choices.empty()) {
    out.top_k = scorer.rank(question, facts, options.choices);
    if (out.top_k.empty()) return std::nullopt;
    out.confidence = out.top_k.front().probability;
    threshold = checkpoint_.config.calibration.min_confidence;
  } else {
    scene::AnswerScorer::Scored scored =
        scorer.answer(question, facts, static_cast<std::size_t>(options.top_k));
    if (scored.answers.empty()) return std::nullopt;
    out.top_k = std::move(scored.answers);
    out.confidence = scored.confidence;
    out.familiar = scored.familiar;
    threshold = scored.min_confidence;
  }
  // Nothing is known about how often answers are right on strange ground: at most half of it.
  if (!out.familiar) out.confidence *= 0.5;
  if (options.min_confidence >= 0) threshold = options.min_confidence;
  const bool unfamiliar = !out.familiar && options.min_confidence < 0;
  models::conclude(out, options.top_k, unfamiliar || out.confidence < threshold);
  out.timing.fusion = watch.lap();
  return out;
}

}  // namespace beholder::models::native
