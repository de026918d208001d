// What is written: lines, and answers to questions about them.
#include "core/check.hpp"
#include "core/stopwatch.hpp"
#include "models/confidence.hpp"
#include "models/native/native_model.hpp"
#include "models/native/question.hpp"
#include "scene/reading_answer.hpp"
#include "text/reading_question.hpp"

namespace beholder::models::native {

const std::vector<scene::ReadLine>& NativeModel::lines(const NativePicture& picture,
                                                       const std::atomic<bool>* cancel) const {
  if (!checkpoint_.reader) cannot("read what is written in pictures");
  std::call_once(picture.page_read,
                 [&] { picture.lines = checkpoint_.reader->read(*picture.page, cancel); });
  return picture.lines;
}

Reading NativeModel::read(const EncodedPicture& encoded, const ReadOptions& options) const {
  const NativePicture& picture = own_picture(encoded);
  const std::vector<scene::ReadLine>& found = lines(picture, options.cancel);
  const double least = options.min_confidence >= 0 ? options.min_confidence
                                                   : checkpoint_.config.reading->min_confidence;
  const double wide = static_cast<double>(picture.width) / picture.page->width;
  const double high = static_cast<double>(picture.height) / picture.page->height;
  Reading out;
  for (const scene::ReadLine& line : found) {
    if (line.confidence < least) continue;
    TextLine& shown = out.list.emplace_back();
    shown.text = line.text;
    shown.confidence = line.confidence;
    for (std::size_t i = 0; i < shown.corners.size(); ++i)
      shown.corners[i] = {line.corners[i][0] * wide, line.corners[i][1] * high};
  }
  return out;
}

std::optional<Answer> NativeModel::answer_by_reading(const NativePicture* picture,
                                                     const std::string& written,
                                                     const AnswerOptions& options) const {
  const bool forced = options.method == Method::kRead;
  check(!forced || picture != nullptr, ErrorCode::kUsage, "what is read is a picture; give one");
  if (!checkpoint_.reader || picture == nullptr ||
      (!forced && (options.method != Method::kAuto || !options.choices.empty())))
    return std::nullopt;
  const std::string question = normalised_question(written);
  check(!forced || !question.empty(), ErrorCode::kUsage,
        "the question is empty; ask something about the picture");
  auto asked = text::reading_question(question);
  if (!asked && forced) asked.emplace();
  if (!asked) return std::nullopt;
  Stopwatch watch;
  const double least = options.min_confidence >= 0 ? options.min_confidence
                                                   : checkpoint_.config.reading->min_confidence;
  std::vector<scene::ReadLine> certain;
  for (const scene::ReadLine& line : lines(*picture, options.cancel))
    if (line.confidence >= least) certain.push_back(line);
  scene::Found found = scene::answer_from_lines(asked->wanted, certain);
  if (found.answers.empty() && !asked->only_written && !forced) return std::nullopt;
  Answer out;
  out.method = Method::kRead;
  out.top_k = std::move(found.answers);
  out.confidence = found.confidence;
  const bool nothing = out.top_k.empty();
  if (nothing) out.top_k.push_back({kAbstention, 0});
  models::conclude(out, options.top_k, nothing);
  out.timing.fusion = watch.lap();
  return out;
}

}  // namespace beholder::models::native
