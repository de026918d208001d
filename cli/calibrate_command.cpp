// `beholder calibrate`: fits confidence and threshold on the pictures that training held out.
#include <cstdio>
#include <memory>
#include <set>

#include "commands.hpp"
#include "core/check.hpp"
#include "core/output_check.hpp"
#include "data/daquar_text.hpp"
#include "data/readers.hpp"
#include "eval/calibrate.hpp"
#include "eval/calibrate_captions.hpp"
#include "eval/calibrate_grounds.hpp"
#include "eval/calibrate_photos.hpp"
#include "eval/calibrate_scenes.hpp"
#include "interrupt.hpp"
#include "models/confidence.hpp"
#include "number_range.hpp"
#include "train/train_config.hpp"
#include "train/training_set.hpp"

namespace beholder::cli {
namespace {

struct Options {
  std::string config, photos, model, out;
  bool in_place = false, force = false;
  std::vector<std::string> datasets, scenes, grounds, questions, captions, nothing;
  eval::CalibrationOptions calibration;
  eval::CaptionCalibrationOptions descriptions;
};

const auto go_on = [](std::size_t, std::size_t) { return !interrupted(); };

/// The folder to write. @throws Error kUsage when that would overwrite an input or other files
std::string output_of(const Options& options) {
  if (options.in_place) return options.model;
  std::vector<std::filesystem::path> read{options.model};
  for (const auto* part : {&options.scenes, &options.captions, &options.nothing})
    read.insert(read.end(), part->begin(), part->end());
  check_output_folder(options.out, read, options.force);
  return options.out;
}

void run_scenes(const Options& options) {
  const std::string out = output_of(options);
  catch_interrupts();
  const auto fit = eval::calibrate_scenes(options.model, out,
                                          {options.scenes.begin(), options.scenes.end()}, go_on);
  std::printf("objects: %zu peaks; slope %.4f, offset %.4f; F1 %.4f from confidence %.4f on\n",
              fit.peaks, fit.slope, fit.offset, fit.f1, fit.min_confidence);
  std::printf("programs: %zu questions, %.1f %% right; slope %.4f, offset %.4f\n", fit.questions,
              100 * fit.accuracy, fit.program_slope, fit.program_offset);
  std::printf("ECE of programs' answers %.4f (a perfect model by chance: %.4f)\n", fit.ece,
              fit.ece_chance);
}

void run_photos(const Options& options) {
  catch_interrupts();
  const auto fit = eval::calibrate_photos(options.model, output_of(options), options.photos, go_on);
  std::printf("%zu photos with %zu objects, %zu claims\n", fit.pictures, fit.there, fit.seen);
  std::printf("F1 %.4f from confidence %.4f on; each fifth by the others: %.4f\n", fit.f1,
              fit.min_confidence, fit.held_out_f1);
  std::printf("ECE, each fifth by the others, %.4f (a perfect model by chance: %.4f)\n", fit.ece,
              fit.ece_chance);
}

void run_grounds(const Options& options) {
  catch_interrupts();
  std::vector<data::GroundRow> rows;
  for (const std::string& file : options.grounds)
    for (data::GroundRow& row : data::read_grounds_jsonl(file)) rows.push_back(std::move(row));
  const auto fit = eval::calibrate_grounds(options.model, output_of(options), rows, go_on);
  std::printf("%zu pictures, %zu shown to the detector\n", fit.pictures, fit.looked_at);
  std::printf(
      "held out: %.2f %% of the kinds right without the detector; with it %.2f %% of the "
      "scenes kept, %.2f %% of photos and %.2f %% of other pictures taken for scenes\n",
      100 * fit.right, 100 * fit.scenes_kept, 100 * fit.photos_taken, 100 * fit.neither_taken);
}

void run_captions(const Options& options) {
  const std::string out = output_of(options);
  catch_interrupts();
  std::vector<data::CaptionRow> rows;
  for (const std::string& file : options.captions)
    for (data::CaptionRow& row : data::read_caption_jsonl(file)) rows.push_back(std::move(row));
  const auto fit = eval::calibrate_captions(options.model, out, rows,
                                            {options.nothing.begin(), options.nothing.end()},
                                            options.descriptions, go_on);
  std::printf("%zu photos, %zu content words, %.1f %% of them supported by captions\n",
              fit.pictures, fit.words, 100 * fit.supported);
  std::printf(
      "held out: ECE of words %.4f (a perfect model by chance: %.4f), of descriptions %.4f\n",
      fit.ece, fit.ece_chance, fit.ece_descriptions);
  std::printf(
      "descriptions from confidence %.4f on: %.1f %% of the photos, %.1f %% of their words "
      "supported; none of %zu pictures of nothing\n",
      fit.calibration.min_confidence, 100 * fit.given, 100 * fit.supported_given, fit.nothing);
}

/// The questions and pictures that training read and held out, and `--questions`.
eval::CalibrationData read_data(const Options& options) {
  const train::TrainConfig config = train::load_train_config(options.config);
  eval::CalibrationData data;
  const std::set<std::string> wanted(options.datasets.begin(), options.datasets.end());
  std::set<std::string> known;
  std::set<std::filesystem::path> seen;  // a picture may be in several datasets
  for (const train::DatasetConfig& dataset : config.datasets) {
    known.insert(dataset.name);
    const bool fitted = wanted.empty() || wanted.count(dataset.name) == 1;
    // The other datasets only serve to fit what is familiar.
    if (options.calibration.answers_only && !fitted) continue;
    const train::TrainingSet set = train::read_training_set(dataset);
    for (const auto& picture : set.pictures) {
      if (!seen.insert(picture.image).second) continue;
      data.pictures.push_back(picture.image);
      for (const auto& question : picture.questions) data.questions.push_back(question.text);
    }
    for (const auto& question : set.texts) data.questions.push_back(question.text);
    for (const auto& picture : set.held_out) {
      const bool first = seen.insert(picture.image).second;
      if (first) data.familiar_pictures.push_back(picture.image);
      for (const auto& question : picture.questions) {
        const data::QaRow row{picture.image, question.text, question.answers, dataset.name, "", ""};
        if (first) data.familiar_questions.push_back(question.text);
        if (first && models::is_yes_or_no(question.answers.front().first))
          data.yes_no.push_back(row);
        if (fitted) data.held_out.push_back(row);
      }
    }
  }
  for (const std::string& file : options.questions)
    for (data::QaRow& row : data::read_qa_jsonl(file)) {
      row.question = data::clean_question(row.question);
      data.held_out.push_back(std::move(row));
    }
  for (const std::string& name : wanted)
    check(known.count(name) == 1, ErrorCode::kUsage, "--dataset ", name, ": ", options.config,
          " has no dataset of that name");
  return data;
}

void run_answers(const Options& options) {
  const std::string out = output_of(options);
  const eval::CalibrationData data = read_data(options);
  catch_interrupts();
  const eval::CalibrationReport report =
      eval::calibrate(options.model, out, data, options.calibration, go_on);
  const auto& fit = report.calibration;
  std::printf("rows %zu\nECE %.4f before, %.4f after (a perfect model by chance: %.4f)\n",
              report.rows, report.ece_before, report.ece_after, report.ece_chance);
  std::printf(
      "slope %.4f, offset %.4f; of yes and no: %.4f, %.4f (%zu rows); of numbers: %.4f, "
      "%.4f (%zu rows)\n",
      fit.slope, fit.offset, fit.yes_no_slope, fit.yes_no_offset, report.yes_no_rows,
      fit.number_slope, fit.number_offset, report.number_rows);
  std::printf(
      "answers from confidence %.4f on, yes and no %.4f, numbers %.4f: %.1f %% of the rows, "
      "%.1f %% of them right\n",
      fit.min_confidence, fit.yes_no_min_confidence, fit.number_min_confidence,
      100 * report.coverage, 100 * report.accuracy_answered);
  std::printf("familiar up to: picture distance %.4f, question distance %.4f\n",
              fit.max_picture_distance, fit.max_question_distance);
}

}  // namespace

void add_calibrate_command(CLI::App& app) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(
      "calibrate",
      "Fit confidences and the thresholds for saying \"I don't know\" on held-out pictures");
  auto* sources = verb->add_option_group("what to fit on");
  sources->add_option("--config", options->config,
                      "training file that the model was made with: answers about photos");
  sources->add_option(
      "--scenes", options->scenes,
      "folders that `beholder world render` made and no training used: objects and programs");
  sources->add_option(
      "--grounds", options->grounds,
      "JSON Lines of {\"image\",\"ground\"}, the ground being photo, solids, shapes or "
      "neither: what is taken for a scene, and what for neither");
  sources->add_option("--captions", options->captions,
                      "rows {\"image\",\"captions\"} that no training used: descriptions");
  sources->add_option("--photos", options->photos,
                      "JSON Lines of {\"image\",\"objects\"} with all boxes: objects of photos");
  sources->require_option(1);
  verb->add_option("--model", options->model, "model directory")->required();
  auto* target = verb->add_option_group("where to write");
  target->add_option("--out", options->out, "directory to write; not the model itself");
  target->add_flag("--in-place", options->in_place,
                   "replace the model's own files, each by a rename");
  target->require_option(1);
  verb->add_flag("--force", options->force,
                 "with --out: replace the files of a folder that is there already");
  verb->add_option("--questions", options->questions,
                   "with --config: files of more questions with answers that no training used");
  verb->add_flag("--answers-only", options->calibration.answers_only,
                 "with --config: fit confidences and thresholds, leave what is familiar as it is");
  verb->add_option("--dataset", options->datasets, "fit on these datasets' rows alone");
  verb->add_option("--accuracy", options->calibration.accuracy_answered,
                   "answers that are given shall be right at least this often")
      ->check(number(0, 1))
      ->capture_default_str();
  verb->add_option("--nothing", options->nothing,
                   "with --captions: pictures that shall get no description, as pages; plain ones "
                   "and noise get none in any case");
  verb->add_option("--precision", options->descriptions.precision,
                   "with --captions: of the words given, at least this share shall be supported")
      ->check(number(0, 1))
      ->capture_default_str();
  verb->callback([options] {
    if (!options->captions.empty()) return run_captions(*options);
    if (!options->grounds.empty()) return run_grounds(*options);
    if (!options->photos.empty()) return run_photos(*options);
    options->scenes.empty() ? run_answers(*options) : run_scenes(*options);
  });
}

}  // namespace beholder::cli
