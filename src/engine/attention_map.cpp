// Where the decoder looked while it wrote a text.
#include <algorithm>

#include "core/check.hpp"
#include "engine/engine_impl.hpp"
#include "engine/question.hpp"
#include "engine/reason.hpp"
#include "engine/scene_attention.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"

namespace beholder {
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
std::vector<Object> decisive(const engine::Model& model, const engine::SceneView& view,
                             const std::string& question) {
  std::vector<Object> out = engine::reading_of(view).objects;
  if (!model.networks.reasoner) return out;
  const engine::Reasoned reasoned = engine::ProgramAnswerer(model).reason(view, question, nullptr);
  if (!reasoned.execution.ok() || reasoned.program.empty()) return out;
  for (const TraceStep& step : engine::steps_of(reasoned))
    if (!step.objects.empty()) out = step.objects;
  return out;
}

}  // namespace

AttentionMap Engine::attention(const Picture& picture, const std::string& question,
                               const std::string& text) const {
  check(static_cast<bool>(picture), ErrorCode::kUsage, "attention is of a picture; none was given");
  const engine::ComputeGate::Place place(impl_->gate);
  const c10::InferenceMode inference;
  const engine::Model& model = impl_->own_model("show where it looks");
  const Picture::Encoded& encoded = *picture.encoded();
  const bool describes = engine::blank(question);
  if (impl_->shows_scene(picture)) {
    const engine::SceneView& view = impl_->view(picture);
    const auto about =
        describes ? engine::reading_of(view).objects : decisive(model, view, question);
    return engine::scene_attention(
        text, about,
        {static_cast<int>(encoded.grid.rows), static_cast<int>(encoded.grid.columns),
         static_cast<double>(encoded.width), static_cast<double>(encoded.height)});
  }
  engine::DecoderItem item{&encoded.image, {}};
  if (!describes) item = engine::item_of(*impl_, picture, engine::understand(*impl_, question));
  const auto tokens =
      engine::written_tokens(*impl_, text, describes ? "the description" : "the answer");

  // Position t is the one that writes token t; the last token is written and not read again.
  const std::int64_t views = encoded.image.front().key.size(0),
                     length = static_cast<std::int64_t>(tokens.size());
  at::Tensor ids = nn::id_tensor({tokens.begin(), tokens.end() - 1}).unsqueeze(0);  // (1, T - 1)
  if (views > 1) {
    std::vector<std::int64_t> mirrored;
    for (auto token = tokens.begin(); token + 1 != tokens.end(); ++token)
      mirrored.push_back(impl_->mirrored(*token));
    ids = at::cat({ids, nn::id_tensor(mirrored).unsqueeze(0)});  // (W, T - 1)
  }
  fusion::DecoderMemory memory;
  memory.image = encoded.image;
  memory.question = item.question;
  fusion::AttentionTrace trace;
  model.networks.fusion.forward(ids, describes ? fusion::Task::kDescribe : fusion::Task::kAnswer,
                                memory, 0, &trace);
  at::Tensor seen = rollout(trace).view({views, length, encoded.grid.rows, encoded.grid.columns});
  nn::check_finite(seen, "decoder");
  if (views > 1) seen = (seen[0] + seen[1].flip(2)).mul(0.5);
  seen = seen.reshape({length, -1}).to(at::kDouble).contiguous();  // (T, N)

  AttentionMap out;
  out.rows = static_cast<int>(encoded.grid.rows);
  out.columns = static_cast<int>(encoded.grid.columns);
  const auto cells = static_cast<std::size_t>(seen.size(1));
  out.overall.assign(cells, 0);
  std::size_t pieces = 0;
  for (std::size_t t = 0; t < tokens.size(); ++t) {
    const double* row = seen.data_ptr<double>() + t * cells;
    const std::string& token = model.vocabulary.token(tokens[t]);
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

}  // namespace beholder
