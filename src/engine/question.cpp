#include "engine/question.hpp"

#include <string_view>
#include <utility>

#include "core/check.hpp"
#include "engine/confidence.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"
#include "text/mirror_words.hpp"

namespace beholder::engine {

bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
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

Question understand(const Engine::Impl& impl, const std::string& asked) {
  const std::string text = normalised_question(asked);
  check(!text.empty(), ErrorCode::kUsage, "the question is empty; ask something about the picture");
  const Model& model = *impl.model;
  const auto embed = [&](const std::string& words) {
    const at::Tensor embeds = model.networks.text.forward(
        nn::id_tensor(question_ids(model, words)).unsqueeze(0));  // (1, L, D)
    nn::check_finite(embeds, "text encoder");
    return embeds;
  };
  Question out;
  out.asked = text::asked_for(text);
  const at::Tensor embeds = embed(text);
  if (model.question_centroids.defined())
    out.novelty = novelty(pool_question(embeds), {}, model.question_centroids);
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

std::vector<std::int64_t> written_tokens(const Engine::Impl& impl, const std::string& text,
                                         const char* what) {
  const auto tokens = impl.model->vocabulary.encode(impl.model->tokenizer, text);
  check(!tokens.empty(), ErrorCode::kUsage, what, " is empty; give some words");
  const std::int64_t most = impl.model->config.fusion.max_position_embeddings - 1;
  check(static_cast<std::int64_t>(tokens.size()) <= most, ErrorCode::kUsage, what, " has ",
        tokens.size(), " tokens; this model writes ", most, " at most");
  return tokens;
}

}  // namespace beholder::engine
