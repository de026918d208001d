// What is asked, and what is written, as the decoder sees them.
#pragma once

#include <string>
#include <vector>

#include "models/native/decoder_run.hpp"
#include "text/question_kind.hpp"

namespace beholder::models::native {

/// A question as the decoder sees it; the same for every picture.
struct Question {
  std::vector<nn::KeyValue> plain;  ///< one per layer, (1, H, L, d): beside one view or none
  /// (2, H, L, d): beside a picture and its mirror image, where left and right are exchanged;
  /// empty when `EngineOptions::mirror` is off
  std::vector<nn::KeyValue> both;
  double novelty = 0;
  text::AskedFor asked;  ///< the kind of answer that it asks for
};

/// A question in the form that the model was trained on: white space is one blank, and it ends in
/// exactly one question mark, whatever punctuation it had, full-width marks included. Empty when it
/// says nothing.
std::string normalised_question(const std::string& text);

/// @throws Error kUsage for an empty question, kQuestionTooLong
Question encode_question(const NativeModel& model, const std::string& text);

/// The question beside a picture, or beside none (null).
DecoderItem item_of(const NativeModel& model, const NativePicture* picture,
                    const Question& question);

/// The tokens of a text that the decoder is taken to have written.
/// @param what names the text in messages
/// @throws Error kUsage for an empty text, or one with more tokens than the decoder has places for
std::vector<std::int64_t> written_tokens(const NativeModel& model, const std::string& text,
                                         const char* what);

/// The tokens of a question or sentence. @throws Error kQuestionTooLong
std::vector<std::int64_t> question_ids(const Checkpoint& checkpoint, const std::string& question);

}  // namespace beholder::models::native
