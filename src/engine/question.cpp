#include "engine/question.hpp"

#include "core/check.hpp"
#include "engine/confidence.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"
#include "text/mirror_words.hpp"

namespace beholder::engine {

bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

Question understand(const Engine::Impl& impl, const std::string& text) {
  check(!blank(text), ErrorCode::kUsage, "the question is empty; ask something about the picture");
  const Model& model = *impl.model;
  const auto embed = [&](const std::string& words) {
    const at::Tensor embeds = model.networks.text.forward(
        nn::id_tensor(question_ids(model, words)).unsqueeze(0));  // (1, L, D)
    nn::check_finite(embeds, "text encoder");
    return embeds;
  };
  Question out;
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
