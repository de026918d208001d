#include "train/fit.hpp"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "core/check.hpp"
#include "core/file.hpp"
#include "io/checksums.hpp"
#include "train/adamw.hpp"

namespace beholder::train {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kPi = 3.14159265358979323846;

double rate_at(const FitOptions& options, std::int64_t step) {
  if (step < options.warmup_steps)
    return options.learning_rate * static_cast<double>(step + 1) /
           static_cast<double>(options.warmup_steps);
  const double progress =
      static_cast<double>(step - options.warmup_steps) /
      static_cast<double>(std::max<std::int64_t>(1, options.steps - options.warmup_steps));
  return options.learning_rate * 0.5 * (1 + std::cos(kPi * progress));
}

void swap_average(TrainState& state) {
  for (auto& [name, value] : state.values) {
    const at::Tensor kept = value.detach().clone();
    value.detach().copy_(state.average.at(name));
    state.average.at(name).copy_(kept);
  }
}

}  // namespace

FitOptions read_fit_options(const io::Config& in) {
  constexpr std::int64_t kMany = 1 << 30;
  FitOptions out;
  out.run = in.string("run");
  out.seed = static_cast<std::uint64_t>(in.integer_or("seed", 1, 0, 1LL << 53));
  out.steps = in.integer("steps", 1, kMany);
  out.learning_rate = in.number_or("learning_rate", out.learning_rate, 0, 1);
  out.warmup_steps = in.integer_or("warmup_steps", out.warmup_steps, 0, out.steps);
  out.weight_decay = in.number_or("weight_decay", out.weight_decay, 0, 10);
  out.clip_norm = in.number_or("clip_norm", out.clip_norm, 1e-6, 1e6);
  out.ema_decay = in.number_or("ema_decay", out.ema_decay, 0, 1);
  out.checkpoint_every = in.integer_or("checkpoint_every", out.checkpoint_every, 1, kMany);
  out.validate_every = in.integer_or("validate_every", out.validate_every, 1, kMany);
  return out;
}

std::optional<io::SafetensorsFile> initial_of(const std::filesystem::path& model) {
  if (model.empty()) return std::nullopt;
  return io::SafetensorsFile::open(model / "model.safetensors");
}

void save_part(const std::filesystem::path& run, const models::native::ModelConfig& config,
               const std::map<std::string, at::Tensor>& tensors) {
  const std::filesystem::path folder = run / "model";
  std::filesystem::create_directories(folder);
  io::SafetensorsWriter writer;
  add_tensors(writer, "", tensors);
  writer.write(folder / "model.safetensors");
  write_file_atomic(folder / "config.json", models::native::write_model_config(config));
  io::write_checksums(folder);
}

void fit(const FitOptions& options, const nn::TrainableParameters& parameters, const FitTask& task,
         const TrainControl& control) {
  std::filesystem::create_directories(options.run);
  const std::filesystem::path path = options.run / "checkpoint.safetensors";
  TrainState state;
  state.config_fingerprint = options.fingerprint;
  for (const auto& [name, value] : parameters.all()) {
    state.values[name] = value;
    state.average[name] = value.detach().clone();
    state.moment1[name] = at::zeros_like(value.detach());
    state.moment2[name] = at::zeros_like(value.detach());
  }
  if (std::filesystem::exists(path)) {
    c10::NoGradGuard no_grad;
    load_checkpoint(path, state);
  }
  const auto tell = [&](TrainReport report) {
    report.done = state.step;
    report.all = options.steps;
    if (control.report) control.report(report);
  };
  Clock::time_point since = Clock::now();
  std::int64_t since_step = state.step;
  double sum = 0;
  while (state.step < options.steps) {
    at::manual_seed(options.seed * 1000033 + state.step);
    for (auto& [name, value] : state.values) value.mutable_grad() = at::Tensor();
    const at::Tensor loss = task.loss(state.step);
    const double value = loss.item<double>();
    check(std::isfinite(value), ErrorCode::kDataFormat, "step ", state.step, ": the loss is ",
          value,
          "; lower the learning rate, or look for damaged starting weights with `beholder model "
          "verify`; the last checkpoint is kept");
    sum += value;
    loss.backward();
    clip_gradients(state.values, options.clip_norm);
    AdamWOptions adamw;
    adamw.learning_rate = rate_at(options, state.step);
    adamw.weight_decay = options.weight_decay;
    adamw_step(state, adamw);
    update_average(state, options.ema_decay);
    ++state.step;
    const bool last = state.step == options.steps;
    const bool stop = control.cancelled && control.cancelled();
    if (state.step % 50 == 0 || last) {
      const double seconds = std::chrono::duration<double>(Clock::now() - since).count();
      const auto steps = static_cast<double>(state.step - since_step);
      TrainReport report;
      report.phase = "fit";
      report.loss = sum / steps;
      report.learning_rate = adamw.learning_rate;
      report.steps_per_second = steps / seconds;
      report.seconds_left =
          static_cast<double>(options.steps - state.step) / report.steps_per_second;
      tell(report);
      sum = 0;
      since = Clock::now();
      since_step = state.step;
    }
    if (state.step % options.checkpoint_every == 0 || last || stop) {
      save_checkpoint(state, path);
      task.save(on_cpu(state.average));
    }
    if (state.step % options.validate_every == 0 || last) {
      c10::NoGradGuard no_grad;
      swap_average(state);
      TrainReport report;
      report.phase = "validate_fit";
      report.text = task.validate();
      swap_average(state);
      tell(report);
      since = Clock::now();
      since_step = state.step;
      sum = 0;
    }
    if (stop)
      fail(ErrorCode::kCancelled, "stopped after step ", state.step, "; run again to go on");
  }
}

}  // namespace beholder::train
