// Where the decoder looked while it wrote a text.
#include <algorithm>

#include "models/native/native_model.hpp"
#include "models/native/question.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"
#include "scene/scene_attention.hpp"

namespace beholder::models::native {
namespace {

/// Attention rollout (Abnar & Zuidema 2020) from the positions through the layers to the picture:
/// what a position takes from the others by self-attention it takes with what they have seen.
/// @return (S, T + 1, N), rows add up to 1
at::Tensor rollout(const fusion::AttentionTrace& trace) {
  at::Tensor seen = at::zeros_like(trace.image.front());
  const at::Tensor same = at::eye(trace.self.front().size(1)).unsqueeze(0);
  for (std::size_t layer = 0; layer < trace.image.size(); ++layer)
    seen = at::matmul(0.5 * (trace.self[layer] + same), seen) + trace.image[layer];
  return seen / seen.sum(-1, true);
}

/// The objects of the last step of the question's program that holds any; all, when no program came
/// to its end.
std::vector<Object> decisive(const Checkpoint& checkpoint, const scene::SceneView& view,
                             const std::string& question) {
  std::vector<Object> out = scene::reading_of(view).objects;
  if (!checkpoint.networks.reasoner) return out;
  const scene::Reasoned reasoned =
      scene::answer_by_program(checkpoint.reasoning(), view, question, nullptr);
  if (!reasoned.execution.ok() || reasoned.program.empty()) return out;
  for (const TraceStep& step : scene::steps_of(reasoned))
    if (!step.objects.empty()) out = step.objects;
  return out;
}

/// Weights of cells for each word of what was written, and their mean.
/// @param seen (T, N) double, a row a token; the last is the end's
AttentionMap by_word(const text::OutputVocabulary& vocabulary,
                     const std::vector<std::int64_t>& tokens, const at::Tensor& seen) {
  AttentionMap out;
  const auto cells = static_cast<std::size_t>(seen.size(1));
  out.overall.assign(cells, 0);
  std::size_t pieces = 0;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const double* row = seen.data_ptr<double>() + t * cells;
    const std::string& token = vocabulary.token(tokens[t]);
    const bool goes_on = token.rfind("##", 0) == 0 && !out.words.empty();
    if (!goes_on) {
      out.words.push_back({token, std::vector<double>(cells, 0)});
      pieces = 0;
    } else {
      out.words.back().text += token.substr(2);
    }
    ++pieces;
    auto& weights = out.words.back().weights;
    for (std::size_t i = 0; i < cells; ++i) {
      weights[i] += (row[i] - weights[i]) / static_cast<double>(pieces);
      out.overall[i] += row[i] / static_cast<double>(tokens.size());
    }
  }
  return out;
}

}  // namespace

AttentionMap NativeModel::attention(const Request& request, const std::string& text) const {
  const NativePicture& picture = own_picture(*request.picture);
  const bool describes = request.question.empty();
  const vision::Grid& grid = picture.grid;
  if (shows_scene(&picture)) {
    const scene::SceneView& seen = view(picture);
    const auto about =
        describes ? scene::reading_of(seen).objects : decisive(checkpoint_, seen, request.question);
    return scene::scene_attention(
        text, about,
        {static_cast<int>(grid.rows), static_cast<int>(grid.columns),
         static_cast<double>(picture.width), static_cast<double>(picture.height)});
  }
  DecoderItem item{&picture.image, {}};
  if (!describes) item = item_of(*this, &picture, encode_question(*this, request.question));
  const auto tokens = written_tokens(*this, text, describes ? "the description" : "the answer");

  // Position t is the one that writes token t; the last token is written and not read again.
  const std::int64_t views = picture.image.front().key.size(0),
                     length = static_cast<std::int64_t>(tokens.size());
  at::Tensor ids = nn::id_tensor({tokens.begin(), tokens.end() - 1}).unsqueeze(0);  // (1, T - 1)
  if (views > 1) {
    std::vector<std::int64_t> turned;
    for (auto token = tokens.begin(); token + 1 != tokens.end(); ++token)
      turned.push_back(mirrored(*token));
    ids = at::cat({ids, nn::id_tensor(turned).unsqueeze(0)});  // (W, T - 1)
  }
  fusion::DecoderMemory memory;
  memory.image = picture.image;
  memory.question = item.question;
  fusion::AttentionTrace trace;
  checkpoint_.networks.fusion.forward(
      ids, describes ? fusion::Task::kDescribe : fusion::Task::kAnswer, memory, 0, &trace);
  at::Tensor seen = rollout(trace).view({views, length, grid.rows, grid.columns});
  nn::check_finite(seen, "decoder");
  if (views > 1) seen = (seen[0] + seen[1].flip(2)).mul(0.5);
  seen = seen.reshape({length, -1}).to(at::kDouble).contiguous();  // (T, N)
  AttentionMap out = by_word(checkpoint_.vocabulary, tokens, seen);
  out.rows = static_cast<int>(grid.rows);
  out.columns = static_cast<int>(grid.columns);
  return out;
}

}  // namespace beholder::models::native
