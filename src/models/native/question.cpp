#include "models/native/question.hpp"

#include <string_view>
#include <utility>

#include "core/check.hpp"
#include "models/confidence.hpp"
#include "nn/finite.hpp"
#include "nn/pooling.hpp"
#include "nn/shape.hpp"
#include "text/mirror_words.hpp"

namespace beholder::models::native {

std::vector<std::int64_t> question_ids(const Checkpoint& checkpoint, const std::string& question) {
  std::vector<std::int64_t> ids = checkpoint.tokenizer.encode(question);
  check(static_cast<std::int64_t>(ids.size()) <= checkpoint.config.max_question_tokens,
        ErrorCode::kQuestionTooLong, "the question has ", ids.size(),
        " tokens and this model takes at most ", checkpoint.config.max_question_tokens,
        "; ask a shorter question");
  return ids;
}

std::string normalised_question(const std::string& text) {
  using namespace std::string_view_literals;
  // What stands for an ASCII mark or blank elsewhere: marks of East Asian width, Arabic and Greek
  // ones, blanks that do not break, a byte-order mark.
  static const std::pair<std::string_view, char> kForms[] = {
      {"\uFF1F"sv, '?'}, {"\u061F"sv, '?'}, {"\u037E"sv, '?'}, {"\uFF01"sv, '!'},
      {"\u3002"sv, '.'}, {"\uFF0E"sv, '.'}, {"\u00A0"sv, ' '}, {"\u202F"sv, ' '},
      {"\u3000"sv, ' '}, {"\u2003"sv, ' '}, {"\uFEFF"sv, ' '}, {"\u200B"sv, ' '}};
  std::string out;
  bool apart = false;
  for (std::size_t at = 0; at < text.size();) {
    char c = text[at];
    std::size_t size = 1;
    for (const auto& [form, plain] : kForms)
      if (text.compare(at, form.size(), form) == 0) {
        c = plain;
        size = form.size();
      }
    if (" \t\r\n\v\f"sv.find(c) != std::string_view::npos) {
      apart = true;
    } else {
      if (apart && !out.empty()) out += ' ';
      apart = false;
      out += c;
    }
    at += size;
  }
  const std::size_t end = out.find_last_not_of(" ?.!");
  return end == std::string::npos ? "" : out.substr(0, end + 1) + "?";
}

Question encode_question(const NativeModel& model, const std::string& asked) {
  const std::string text = normalised_question(asked);
  check(!text.empty(), ErrorCode::kUsage, "the question is empty; ask something about the picture");
  const Checkpoint& checkpoint = model.checkpoint();
  const auto embed = [&](const std::string& words) {
    const at::Tensor embeds = checkpoint.networks.text.forward(
        nn::id_tensor(question_ids(checkpoint, words)).unsqueeze(0));  // (1, L, D)
    nn::check_finite(embeds, "text encoder");
    return embeds;
  };
  Question out;
  out.asked = text::asked_for(text);
  const at::Tensor embeds = embed(text);
  if (checkpoint.question_centroids.defined())
    out.novelty = novelty(nn::mean_pool(embeds), {}, checkpoint.question_centroids);
  out.plain = checkpoint.networks.fusion.project_question(embeds);
  if (!model.mirror()) return out;
  const std::string turned = text::mirror_words(text);
  at::Tensor mirrored = turned == text ? embeds : embed(turned);
  // Questions of different lengths cannot lie in one tensor: both views are asked the plain one.
  if (mirrored.size(1) != embeds.size(1)) mirrored = embeds;
  out.both = checkpoint.networks.fusion.project_question(at::cat({embeds, mirrored}));
  return out;
}

DecoderItem item_of(const NativeModel& model, const NativePicture* picture,
                    const Question& question) {
  const auto* image = picture != nullptr ? &picture->image : &model.no_image();
  return {image, image->front().key.size(0) > 1 ? question.both : question.plain};
}

std::vector<std::int64_t> written_tokens(const NativeModel& model, const std::string& text,
                                         const char* what) {
  const auto tokens = model.checkpoint().vocabulary.encode(model.checkpoint().tokenizer, text);
  check(!tokens.empty(), ErrorCode::kUsage, what, " is empty; give some words");
  const std::int64_t most = model.checkpoint().config.fusion.max_position_embeddings - 1;
  check(static_cast<std::int64_t>(tokens.size()) <= most, ErrorCode::kUsage, what, " has ",
        tokens.size(), " tokens; this model writes ", most, " at most");
  return tokens;
}

}  // namespace beholder::models::native
