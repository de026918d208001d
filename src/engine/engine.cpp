#include "beholder/engine.hpp"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <set>
#include <thread>

#include "core/check.hpp"
#include "core/file.hpp"
#include "engine/confidence.hpp"
#include "engine/engine_impl.hpp"
#include "generation/generation.hpp"
#include "nn/shape.hpp"
#include "text/mirror_words.hpp"
#include "vision/image_decoder.hpp"

namespace beholder {
namespace {

using fusion::Task;

class Stopwatch {
 public:
  /// Milliseconds since the last lap.
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double ms = std::chrono::duration<double, std::milli>(now - since_).count();
    since_ = now;
    return ms;
  }

 private:
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

/// What the decoder attends to of each view of the picture: itself, then its mirror image.
using Memories = std::vector<fusion::DecoderMemory>;

/// A step function over the decoder: keeps its caches between calls, reordered as beams survive.
/// The probability of a token is the mean over the views; the mirror image's says "left" for right.
class DecoderSteps {
 public:
  DecoderSteps(const Engine::Impl& impl, Task task, Memories memories)
      : decoder_(impl.model->networks.fusion),
        mirror_ids_(impl.mirror_ids),
        task_(task),
        memories_(std::move(memories)),
        caches_(memories_.size()) {}

  std::vector<float> operator()(const std::vector<std::int64_t>& rows,
                                const std::vector<std::int64_t>& tokens) {
    const auto count = static_cast<std::int64_t>(std::max<std::size_t>(1, rows.size()));
    at::Tensor total;  // (rows, V)
    for (std::size_t view = 0; view < memories_.size(); ++view) {
      if (!rows.empty()) caches_[view].select(nn::id_tensor(rows));
      at::Tensor last;
      if (!tokens.empty()) last = nn::id_tensor(tokens);
      if (view > 0 && last.defined()) last = mirror_ids_.index_select(0, last);
      const at::Tensor hidden = decoder_.step(last, count, task_, memories_[view], caches_[view]);
      at::Tensor scores = at::log_softmax(decoder_.logits(hidden).view({count, -1}), -1);
      if (view > 0) scores = scores.index_select(1, mirror_ids_);
      total = view == 0 ? scores : at::logaddexp(total, scores);
    }
    if (memories_.size() > 1) total = total - std::log(static_cast<double>(memories_.size()));
    total = total.contiguous();
    return {total.data_ptr<float>(), total.data_ptr<float>() + total.numel()};
  }

 private:
  const fusion::FusionDecoder& decoder_;
  const at::Tensor& mirror_ids_;
  Task task_;
  Memories memories_;
  std::vector<fusion::DecoderCache> caches_;
};

generation::StepFunction steps(const Engine::Impl& impl, Task task, Memories memories) {
  return DecoderSteps(impl, task, std::move(memories));
}

/// Probabilities of the choices, adding up to 1, likeliest first.
std::vector<ScoredAnswer> rank(const Engine::Impl& impl, const Memories& memories,
                               const std::vector<std::string>& choices) {
  const engine::Model& model = *impl.model;
  std::vector<double> scores;
  for (const std::string& choice : choices) {
    const std::vector<std::int64_t> tokens = model.vocabulary.encode(model.tokenizer, choice);
    check(!tokens.empty(), ErrorCode::kUsage, "a choice is empty; give words between the commas");
    scores.push_back(
        generation::score(steps(impl, Task::kAnswer, memories), tokens, model.vocabulary.eos_id()));
  }
  const double best = *std::max_element(scores.begin(), scores.end());
  double total = 0;
  for (const double score : scores) total += std::exp(score - best);
  std::vector<ScoredAnswer> out;
  for (std::size_t i = 0; i < choices.size(); ++i)
    out.push_back({choices[i], std::exp(scores[i] - best) / total});
  std::stable_sort(out.begin(), out.end(), [](const ScoredAnswer& a, const ScoredAnswer& b) {
    return a.probability > b.probability;
  });
  return out;
}

std::vector<ScoredAnswer> search(const Engine::Impl& impl, const Memories& memories,
                                 const AnswerOptions& options) {
  const engine::Model& model = *impl.model;
  generation::GenerationOptions search;
  search.num_beams = std::max(options.num_beams, options.top_k);
  search.num_return = search.num_beams;
  search.length_penalty = 0;  // the likeliest answer, so that its probability can be a confidence
  search.max_new_tokens =
      std::min<std::int64_t>(16, model.config.fusion.max_position_embeddings - 1);
  search.forbidden = impl.forbidden;
  search.end_token = model.vocabulary.eos_id();
  std::vector<ScoredAnswer> out;
  for (const auto& hypothesis :
       generation::beam_search(steps(impl, Task::kAnswer, memories), search)) {
    const std::string text = model.vocabulary.decode(hypothesis.tokens);
    const double probability = std::exp(hypothesis.log_probability);
    // Two ways of cutting a word into pieces are one answer.
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const ScoredAnswer& a) { return a.answer == text; });
    if (same != out.end())
      same->probability += probability;
    else if (!text.empty())
      out.push_back({text, probability});
  }
  if (out.empty()) out.push_back({kAbstention, 0});
  std::stable_sort(out.begin(), out.end(), [](const ScoredAnswer& a, const ScoredAnswer& b) {
    return a.probability > b.probability;
  });
  return out;
}

}  // namespace

at::Tensor engine::pool_question(const at::Tensor& question_embeds) {
  return question_embeds.mean(1).squeeze(0);  // (1, L, D) -> (D)
}

Timing Picture::timing() const { return encoded_ ? encoded_->timing : Timing{}; }

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Engine Engine::load(const std::filesystem::path& model_dir, const EngineOptions& options) {
  check(options.threads >= 0, ErrorCode::kUsage, "threads is ", options.threads,
        "; it must be 0 (all cores) or more");
  const c10::InferenceMode inference;
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  at::set_num_threads(threads);
  omp_set_num_threads(threads);
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  engine::LoadOptions load;
  load.compute_int8 = options.int8;
  impl->model = engine::load_model(model_dir, load);
  impl->processor = std::make_unique<vision::ImageProcessor>(impl->model->config.image);
  impl->no_image = impl->model->networks.fusion.project_image({});
  const auto& vocabulary = impl->model->vocabulary;
  impl->forbidden = {vocabulary.pad_id(), vocabulary.bos_id(), vocabulary.unk_id()};
  std::vector<std::int64_t> mirrored(vocabulary.size());
  std::iota(mirrored.begin(), mirrored.end(), 0);
  const std::int64_t left = vocabulary.id("left"), right = vocabulary.id("right");
  if (left != vocabulary.unk_id() && right != vocabulary.unk_id())
    std::swap(mirrored[left], mirrored[right]);
  impl->mirror_ids = nn::id_tensor(mirrored);
  return Engine(std::move(impl));
}

Picture Engine::Impl::encode(const vision::Image& image, double decode_ms) const {
  const c10::InferenceMode inference;
  Stopwatch watch;
  auto encoded = std::make_shared<Picture::Encoded>();
  const vision::VisionConfig& vision = model->config.vision;
  const vision::Grid grid = vision.grid_of(image.width, image.height);
  const std::int64_t width = grid.columns * vision.patch_size;
  const std::int64_t height = grid.rows * vision.patch_size;
  at::Tensor pixels = at::empty({1, 3, height, width});
  processor->process(image, static_cast<int>(width), static_cast<int>(height),
                     pixels.data_ptr<float>());
  encoded->timing.decode = decode_ms + watch.lap();
  const at::Tensor cells = model->networks.vision->cells(pixels);  // (1, N, C)
  encoded->pooled = cells.mean(1).squeeze(0);
  if (model->picture_centroids.defined())
    encoded->novelty =
        engine::novelty(encoded->pooled, model->picture_mean, model->picture_centroids);
  const auto project = [&](const at::Tensor& view) {
    return model->networks.fusion.project_image(model->networks.vision->encode(view, grid));
  };
  encoded->views.push_back(project(cells));
  if (options.mirror)
    encoded->views.push_back(project(model->networks.vision->cells(pixels.flip(3))));
  encoded->timing.vision = watch.lap();
  return Picture(std::move(encoded));
}

Picture Engine::encode(const std::filesystem::path& picture) const {
  const std::vector<std::uint8_t> bytes = read_file_bytes(picture);
  return encode(bytes.data(), bytes.size(), picture.string());
}

Picture Engine::encode(const std::uint8_t* bytes, std::size_t size, const std::string& name) const {
  Stopwatch watch;
  vision::DecodeOptions options;
  options.max_pixels = impl_->options.max_pixels;
  const vision::Image image = vision::decode_image(bytes, size, name, options);
  return impl_->encode(image, watch.lap());
}

Picture Engine::encode_rgb(const std::uint8_t* rgb, int width, int height) const {
  check(rgb != nullptr && width > 0 && height > 0, ErrorCode::kUsage, "a picture of ", width, " x ",
        height, " pixels cannot be encoded; width and height must be above 0");
  const auto size = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  return impl_->encode({width, height, {rgb, rgb + size}}, 0);
}

double Engine::default_min_confidence() const {
  return impl_->model->config.calibration.min_confidence;
}

Answer Engine::answer(const Picture& picture, const std::string& question,
                      const AnswerOptions& options) const {
  check(question.find_first_not_of(" \t\r\n") != std::string::npos, ErrorCode::kUsage,
        "the question is empty; ask something about the picture");
  check(options.top_k >= 1 && options.top_k <= 100, ErrorCode::kUsage, "top_k is ", options.top_k,
        "; it must lie between 1 and 100");
  check(options.num_beams >= 1 && options.num_beams <= 100, ErrorCode::kUsage, "num_beams is ",
        options.num_beams, "; it must lie between 1 and 100");
  check(options.min_confidence <= 1, ErrorCode::kUsage, "min_confidence is ",
        options.min_confidence, "; it must lie between 0 and 1");
  const c10::InferenceMode inference;
  const engine::Model& model = *impl_->model;
  Answer out;
  out.timing = picture.timing();
  Stopwatch watch;
  const std::vector<std::int64_t> ids = model.tokenizer.encode(question);
  const auto length = static_cast<std::int64_t>(ids.size());
  check(length <= model.config.max_question_tokens, ErrorCode::kQuestionTooLong,
        "the question has ", length, " tokens and this model takes at most ",
        model.config.max_question_tokens, "; ask a shorter question");
  const at::Tensor embeds =
      model.networks.text.forward(nn::id_tensor(ids).unsqueeze(0));  // (1, L, D)
  Memories memories;
  if (!picture.encoded()) {
    memories.push_back({impl_->no_image, model.networks.fusion.project_question(embeds), {}});
  } else {
    const auto& views = picture.encoded()->views;
    memories.push_back({views[0], model.networks.fusion.project_question(embeds), {}});
    if (views.size() > 1) {
      const std::string turned = text::mirror_words(question);
      memories.push_back({views[1], memories[0].question, {}});
      if (turned != question)
        memories[1].question = model.networks.fusion.project_question(model.networks.text.forward(
            nn::id_tensor(model.tokenizer.encode(turned)).unsqueeze(0)));
    }
  }
  out.timing.text = watch.lap();

  const bool chosen = !options.choices.empty();
  out.top_k = chosen ? rank(*impl_, memories, options.choices) : search(*impl_, memories, options);
  const engine::CalibrationConfig& calibration = model.config.calibration;
  // Among given choices the probability is already of one of few; it is not what was calibrated.
  out.confidence =
      chosen ? out.top_k.front().probability : engine::calibrated(out.top_k.front(), calibration);
  const bool strange_picture = calibration.max_picture_distance > 0 && picture.encoded() &&
                               picture.encoded()->novelty > calibration.max_picture_distance;
  const bool strange_question =
      calibration.max_question_distance > 0 && model.question_centroids.defined() &&
      engine::novelty(engine::pool_question(embeds), {}, model.question_centroids) >
          calibration.max_question_distance;
  out.familiar = !strange_picture && !strange_question;
  // Nothing is known about how often the model is right on such ground: at most half of it.
  if (!out.familiar) out.confidence *= 0.5;
  out.timing.fusion = watch.lap();

  if (out.top_k.size() > static_cast<std::size_t>(options.top_k))
    out.top_k.resize(static_cast<std::size_t>(options.top_k));
  const double threshold =
      options.min_confidence < 0 ? calibration.min_confidence : options.min_confidence;
  const bool unfamiliar = !out.familiar && options.min_confidence < 0;
  out.abstained = unfamiliar || out.confidence < threshold;
  out.text = out.abstained ? kAbstention : out.top_k.front().answer;
  return out;
}

Descriptions Engine::describe(const Picture& picture, const DescribeOptions& options) const {
  check(picture.encoded() != nullptr, ErrorCode::kUsage, "describe needs a picture");
  check(options.num >= 1 && options.num <= 100, ErrorCode::kUsage, "num is ", options.num,
        "; it must lie between 1 and 100");
  check(options.num_beams >= 1 && options.num_beams <= 100, ErrorCode::kUsage, "num_beams is ",
        options.num_beams, "; it must lie between 1 and 100");
  check(options.max_new_tokens >= 1, ErrorCode::kUsage, "max_new_tokens is ",
        options.max_new_tokens, "; it must be 1 or more");
  const c10::InferenceMode inference;
  const engine::Model& model = *impl_->model;
  Descriptions out;
  out.timing = picture.timing();
  Stopwatch watch;
  Memories memories;
  for (const auto& view : picture.encoded()->views) memories.push_back({view, {}, {}});
  generation::GenerationOptions generate;
  generate.max_new_tokens = std::min<std::int64_t>(options.max_new_tokens,
                                                   model.config.fusion.max_position_embeddings - 1);
  generate.num_beams = std::max(options.num_beams, options.num);
  generate.num_return = generate.num_beams;
  generate.length_penalty = options.length_penalty;
  generate.forbidden = impl_->forbidden;
  generate.end_token = model.vocabulary.eos_id();
  generate.no_repeat_ngram = 3;
  std::vector<generation::Hypothesis> hypotheses;
  if (options.temperature > 0) {
    // Some samples come twice; more are drawn so that `num` different ones are likely.
    for (int i = 0; i < 4 * options.num; ++i)
      hypotheses.push_back(generation::sample(
          steps(*impl_, Task::kDescribe, memories), generate,
          {options.temperature, options.top_k, options.top_p, options.seed + i}));
  } else {
    hypotheses = generation::beam_search(steps(*impl_, Task::kDescribe, memories), generate);
  }
  std::set<std::string> seen;
  for (const auto& hypothesis : hypotheses) {
    const std::string text = model.vocabulary.decode(hypothesis.tokens);
    if (static_cast<int>(out.list.size()) == options.num) break;
    if (text.empty() || !seen.insert(text).second) continue;
    out.list.push_back({text, std::exp(hypothesis.log_probability /
                                       static_cast<double>(hypothesis.tokens.size() + 1))});
  }
  out.timing.fusion = watch.lap();
  return out;
}

}  // namespace beholder
