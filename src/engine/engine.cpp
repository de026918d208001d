#include "beholder/engine.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <thread>

#include "core/check.hpp"
#include "core/log.hpp"
#include "engine/engine_impl.hpp"
#include "engine/stopwatch.hpp"
#include "nn/finite.hpp"
#include "nn/tensor_pool.hpp"

namespace beholder {
namespace {

int threads_of(const EngineOptions& options) {
  check(options.threads >= 0, ErrorCode::kUsage, "threads is ", options.threads,
        "; it must be 0 (all cores) or more");
  if (options.threads > 0) return options.threads;
  return static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

}  // namespace

Engine::Impl::Impl(const std::filesystem::path& model_dir, const EngineOptions& engine_options)
    : directory(model_dir),
      options(engine_options),
      gate(threads_of(engine_options)),
      cache(engine_options.cache_bytes) {
  nn::install_tensor_pool();
  // What ATen gives to threads that it has not seen; each call then sets its own.
  at::set_num_threads(gate.threads());
  const engine::ComputeGate::Place place(gate);
  if (engine::is_imported(model_dir)) {
    imported = engine::load_imported(model_dir);
    processor = std::make_unique<vision::ImageProcessor>(imported->image());
    return;
  }
  engine::LoadOptions load;
  load.compute_int8 = options.int8;
  model = engine::load_model(model_dir, load);
  processor = std::make_unique<vision::ImageProcessor>(model->config.image);
  no_image = model->networks.fusion.project_image({});
  const auto& vocabulary = model->vocabulary;
  forbidden = {vocabulary.pad_id(), vocabulary.bos_id(), vocabulary.unk_id()};
  const std::int64_t left = vocabulary.id("left"), right = vocabulary.id("right");
  if (left != vocabulary.unk_id() && right != vocabulary.unk_id()) {
    left_id = left;
    right_id = right;
  }
}

const engine::Model& Engine::Impl::own_model(const char* what) const {
  check(model != nullptr, ErrorCode::kUnsupported, directory.string(),
        ": a published model cannot ", what,
        "; use one of Beholder's own, such as the bundled one");
  return *model;
}

at::Tensor engine::pool_question(const at::Tensor& question_embeds) {
  return question_embeds.mean(1).squeeze(0);  // (1, L, D) -> (D)
}

std::vector<float> engine::unit_vector(const at::Tensor& vector) {
  nn::check_finite(vector, "embedding");
  const at::Tensor unit = (vector / vector.norm().clamp_min(1e-12)).contiguous();
  return {unit.data_ptr<float>(), unit.data_ptr<float>() + unit.numel()};
}

std::vector<std::int64_t> engine::question_ids(const Model& model, const std::string& question) {
  std::vector<std::int64_t> ids = model.tokenizer.encode(question);
  check(static_cast<std::int64_t>(ids.size()) <= model.config.max_question_tokens,
        ErrorCode::kQuestionTooLong, "the question has ", ids.size(),
        " tokens and this model takes at most ", model.config.max_question_tokens,
        "; ask a shorter question");
  return ids;
}

Engine::Engine(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

Engine Engine::load(const std::filesystem::path& model_dir, const EngineOptions& options) {
  engine::Stopwatch watch;
  auto impl = std::make_unique<Impl>(model_dir, options);
  log(LogLevel::kInfo, "loaded ", model_dir.string(), " in ", watch.lap(), " ms, ",
      impl->gate.threads(), " threads");
  return Engine(std::move(impl));
}

ModelInfo Engine::info() const {
  ModelInfo out;
  out.color_management = impl_->manages_colors();
  out.directory = impl_->directory.string();
  if (impl_->imported) {
    out.published = true;
    out.parameter_bytes = impl_->imported->weight_bytes();
    out.skills = impl_->imported->skills();
    out.max_question_tokens = impl_->imported->max_question_tokens();
    return out;
  }
  out.parameter_bytes = impl_->model->weight_bytes;
  for (const Skill skill :
       {Skill::kAnswer, Skill::kDescribe, Skill::kObjects, Skill::kRelations, Skill::kExplain})
    if (can(skill)) out.skills.push_back(skill);
  out.default_min_confidence = impl_->model->config.calibration.min_confidence;
  out.default_min_description_confidence = impl_->description_threshold({});
  out.max_question_tokens = static_cast<int>(impl_->model->config.max_question_tokens);
  return out;
}

bool Engine::can(Skill skill) const {
  if (impl_->imported) {
    const std::vector<Skill> skills = impl_->imported->skills();
    return std::find(skills.begin(), skills.end(), skill) != skills.end();
  }
  const engine::ModelConfig& config = impl_->model->config;
  switch (skill) {
    case Skill::kAnswer:
    case Skill::kDescribe: return true;
    case Skill::kObjects:
    case Skill::kRelations: return config.detector.has_value();
    case Skill::kExplain: return config.detector && config.reasoner;
    case Skill::kMatch: return false;
  }
  return false;
}

}  // namespace beholder
