#include "train/fit.hpp"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <omp.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <thread>

#include "core/check.hpp"
#include "core/file.hpp"
#include "io/checksums.hpp"
#include "train/adamw.hpp"

namespace beholder::train {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::int64_t kMany = 1 << 30;
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

/// One run of the loop.
class Fit {
 public:
  Fit(const FitOptions& options, const nn::TrainableParameters& parameters, const FitTask& task,
      const TrainControl& control)
      : options_(options),
        task_(task),
        control_(control),
        checkpoint_(options.run / "checkpoint.safetensors") {
    std::filesystem::create_directories(options.run);
    state_.config_fingerprint = options.fingerprint;
    for (const auto& [name, value] : parameters.all()) {
      state_.values[name] = value;
      state_.average[name] = value.detach().clone();
      state_.moment1[name] = at::zeros_like(value.detach());
      state_.moment2[name] = at::zeros_like(value.detach());
    }
    if (!std::filesystem::exists(checkpoint_)) return;
    c10::NoGradGuard no_grad;
    load_checkpoint(checkpoint_, state_);
  }

  void run() {
    restart_clock();
    while (state_.step < options_.steps) {
      step();
      const bool last = state_.step == options_.steps;
      const bool stop = control_.cancelled && control_.cancelled();
      if (state_.step % 50 == 0 || last) report();
      if (state_.step % options_.checkpoint_every == 0 || last || stop) {
        save_checkpoint(state_, checkpoint_);
        task_.save(on_cpu(state_.average));
      }
      if (state_.step % options_.validate_every == 0 || last) validate();
      if (stop)
        fail(ErrorCode::kCancelled, "stopped after step ", state_.step, "; run again to go on");
    }
  }

 private:
  void step() {
    at::manual_seed(options_.seed * 1000033 + state_.step);
    for (auto& [name, value] : state_.values) value.mutable_grad() = at::Tensor();
    task_.backward(state_.step);
    clip_gradients(state_.values, options_.clip_norm);
    adamw_.learning_rate =
        task_.learning_rate ? task_.learning_rate(state_.step) : rate_at(options_, state_.step);
    adamw_.weight_decay = options_.weight_decay;
    adamw_step(state_, adamw_);
    update_average(state_, options_.ema_decay);
    ++state_.step;
  }

  void tell(TrainReport report) const {
    report.done = state_.step;
    report.all = options_.steps;
    if (control_.report) control_.report(report);
  }

  void restart_clock() {
    since_ = Clock::now();
    since_step_ = state_.step;
  }

  void report() {
    const double seconds = std::chrono::duration<double>(Clock::now() - since_).count();
    TrainReport report;
    task_.report(report);
    report.learning_rate = adamw_.learning_rate;
    report.steps_per_second = static_cast<double>(state_.step - since_step_) / seconds;
    report.seconds_left =
        static_cast<double>(options_.steps - state_.step) / report.steps_per_second;
    tell(report);
    restart_clock();
  }

  void swap_average() {
    for (auto& [name, value] : state_.values) {
      const at::Tensor kept = value.detach().clone();
      value.detach().copy_(state_.average.at(name));
      state_.average.at(name).copy_(kept);
    }
  }

  void validate() {
    c10::NoGradGuard no_grad;
    swap_average();
    const std::vector<TrainReport> reports = task_.validate();
    swap_average();
    for (const TrainReport& report : reports) tell(report);
    restart_clock();
  }

  const FitOptions& options_;
  const FitTask& task_;
  const TrainControl& control_;
  const std::filesystem::path checkpoint_;
  TrainState state_;
  AdamWOptions adamw_;
  Clock::time_point since_;
  std::int64_t since_step_ = 0;
};

}  // namespace

FitTask loss_task(std::function<at::Tensor(std::int64_t step)> loss,
                  std::function<std::string()> validate,
                  std::function<void(const NamedTensors& average)> save) {
  struct Mean {
    double sum = 0, steps = 0;
  };
  FitTask out;
  const auto mean = std::make_shared<Mean>();
  out.backward = [mean, loss = std::move(loss)](std::int64_t step) {
    const at::Tensor tensor = loss(step);
    const double value = tensor.item<double>();
    check_finite(value, step);
    mean->sum += value;
    ++mean->steps;
    tensor.backward();
  };
  out.report = [mean](TrainReport& report) {
    report.phase = "fit";
    report.loss = mean->sum / mean->steps;
    *mean = {};
  };
  out.validate = [validate = std::move(validate)] {
    TrainReport report;
    report.phase = "validate_fit";
    report.text = validate();
    return std::vector<TrainReport>{report};
  };
  out.save = std::move(save);
  return out;
}

void check_finite(double loss, std::int64_t step) {
  check(std::isfinite(loss), ErrorCode::kDataFormat, "step ", step, ": the loss is ", loss,
        "; lower the learning rate, or look for damaged starting weights with `beholder model "
        "verify`; the last checkpoint is kept");
}

void use_threads(std::int64_t threads) {
  if (threads == 0) threads = std::max(1u, std::thread::hardware_concurrency());
  at::set_num_threads(static_cast<int>(threads));
  omp_set_num_threads(static_cast<int>(threads));
}

std::vector<std::filesystem::path> read_paths(const io::Config& config, const std::string& key) {
  const std::vector<std::string> paths = config.strings_or(key, {});
  return {paths.begin(), paths.end()};
}

FitOptions read_fit_options(const io::Config& in) {
  FitOptions out;
  read_loop_options(in, out);
  out.steps = in.integer("steps", 1, kMany);
  out.learning_rate = in.number_or("learning_rate", out.learning_rate, 0, 1);
  out.warmup_steps = in.integer_or("warmup_steps", out.warmup_steps, 0, out.steps);
  return out;
}

void read_loop_options(const io::Config& in, FitOptions& out) {
  out.run = in.string("run");
  out.seed = static_cast<std::uint64_t>(in.integer_or("seed", 1, 0, 1LL << 53));
  out.weight_decay = in.number_or("weight_decay", out.weight_decay, 0, 10);
  out.clip_norm = in.number_or("clip_norm", out.clip_norm, 1e-6, 1e6);
  out.ema_decay = in.number_or("ema_decay", out.ema_decay, 0, 1);
  out.checkpoint_every = in.integer_or("checkpoint_every", out.checkpoint_every, 1, kMany);
  out.validate_every = in.integer_or("validate_every", out.validate_every, 1, kMany);
}

void save_part(const std::filesystem::path& run, const models::native::ModelConfig& config,
               const NamedTensors& tensors) {
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
  Fit(options, parameters, task, control).run();
}

}  // namespace beholder::train
