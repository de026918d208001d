// `beholder train`: trains a model as a configuration file says, resumable.
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "commands.hpp"
#include "interrupt.hpp"
#include "number_range.hpp"
#include "train/answer_scorer_trainer.hpp"
#include "train/detector_trainer.hpp"
#include "train/reasoner_trainer.hpp"
#include "train/trainer.hpp"

namespace beholder::cli {
namespace {

void print_report(const train::TrainReport& report) {
  if (report.phase == "train") {
    std::fprintf(stderr,
                 "step %lld/%lld  caption loss %.3f  reward %.3f  answer loss %.3f  lr %.2e  "
                 "%.2f steps/s  %.0f min left\n",
                 static_cast<long long>(report.done), static_cast<long long>(report.all),
                 report.caption_loss, report.caption_reward, report.answer_loss,
                 report.learning_rate, report.steps_per_second, report.seconds_left / 60);
  } else if (report.phase == "fit") {
    std::fprintf(stderr, "step %lld/%lld  loss %.4f  lr %.2e  %.2f steps/s  %.0f min left\n",
                 static_cast<long long>(report.done), static_cast<long long>(report.all),
                 report.loss, report.learning_rate, report.steps_per_second,
                 report.seconds_left / 60);
  } else if (report.phase == "validate_fit") {
    std::fprintf(stderr, "held out at step %lld  %s\n", static_cast<long long>(report.done),
                 report.text.c_str());
  } else if (report.phase == "validate") {
    std::fprintf(stderr, "held out at step %lld  caption loss %.4f  answer loss %.4f  %s\n",
                 static_cast<long long>(report.done), report.caption_loss, report.answer_loss,
                 report.text.c_str());
  } else if (report.done == report.all || report.done % 512 == 0) {
    std::fprintf(stderr, "%s %lld/%lld\n", report.phase.c_str(),
                 static_cast<long long>(report.done), static_cast<long long>(report.all));
  }
}

struct Options {
  std::string config, run, device = "";
  long long seed = -1, threads = -1;
  bool without_pictures = false;
};

/// The run's folder must be empty, new, or that of an earlier run. @throws Error kUsage
void check_run(const std::filesystem::path& run) {
  namespace fs = std::filesystem;
  for (const char* own : {"checkpoint.safetensors", "output_vocab.txt", "photos.jsonl", "model"})
    if (fs::exists(run / own)) return;
  if (fs::exists(run) && (!fs::is_directory(run) || !fs::is_empty(run)))
    throw Error(
        ErrorCode::kUsage,
        run.string() + ": is there already and holds no training run; name another with --run");
}

/// Refuses options that do not apply to the training of a detector or reasoner.
void check_plain(const Options& options, const std::string& kind) {
  if (!options.device.empty() && options.device != "cpu")
    throw Error(ErrorCode::kUnsupported, "a " + kind + " trains on the CPU; leave --device out");
  if (options.without_pictures)
    throw Error(ErrorCode::kUsage, "--without-pictures is for whole models, not for a " + kind);
}

template <typename Config>
void fit(const Options& options, Config config,
         void (*train)(const Config&, const train::TrainControl&)) {
  if (!options.run.empty()) config.fit.run = options.run;
  if (options.seed >= 0) config.fit.seed = static_cast<std::uint64_t>(options.seed);
  if (options.threads >= 0) config.threads = options.threads;
  catch_interrupts();
  check_run(config.fit.run);
  train(config, {print_report, interrupted});
}

void fit_scorer(const Options& options, train::AnswerScorerTrainConfig config) {
  if (!options.run.empty()) config.run = options.run;
  if (options.seed >= 0)
    config.prior.seed = config.words.seed = static_cast<std::uint64_t>(options.seed);
  if (options.threads >= 0) config.threads = options.threads;
  catch_interrupts();
  check_run(config.run);
  train::train_answer_scorer(config, {print_report, interrupted});
}

}  // namespace

void add_train_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("train", "Train a model as a configuration file says");
  verb->add_option("--config", options->config, "training file, such as configs/bundled.json")
      ->required();
  verb->add_option("--run", options->run, "folder for checkpoints, in place of the file's");
  verb->add_option("--seed", options->seed, "in place of the file's")
      ->check(whole_number<long long>(0));
  verb->add_option("--threads", options->threads, "processor cores to use; 0: all")
      ->check(whole_number<long long>(0));
  verb->add_option("--device", options->device, "where to train: cpu, cuda or cuda:<number>");
  verb->add_flag("--without-pictures", options->without_pictures,
                 "train the question-only baseline: every picture is 'no picture'");
  verb->callback([options] {
    const std::string kind = train::config_kind(options->config);
    if (kind != "model") {
      check_plain(*options, kind);
      if (kind == "answer_scorer")
        return fit_scorer(*options, train::load_answer_scorer_train_config(options->config));
      kind == "detector"
          ? fit(*options, train::load_detector_train_config(options->config), train::train_detector)
          : fit(*options, train::load_reasoner_train_config(options->config),
                train::train_reasoner);
      return;
    }
    train::TrainConfig config = train::load_train_config(options->config);
    if (!options->device.empty()) config.device = options->device;
    if (options->without_pictures) config.without_pictures = true;
    fit(*options, std::move(config), train::train);
  });
}

}  // namespace beholder::cli
