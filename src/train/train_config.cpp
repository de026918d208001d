#include "train/train_config.hpp"

#include "io/config.hpp"

namespace beholder::train {
namespace {

std::vector<std::filesystem::path> paths(const io::Config& in, const std::string& key) {
  std::vector<std::filesystem::path> out;
  for (const std::string& path : in.strings_or(key, {})) out.emplace_back(path);
  return out;
}

DatasetConfig read_dataset(const io::Config& in) {
  constexpr std::int64_t kMany = 1 << 20;
  DatasetConfig out;
  out.name = in.string("name");
  out.captions = paths(in, "captions");
  out.questions = paths(in, "questions");
  out.more_questions = paths(in, "more_questions");
  out.texts = paths(in, "texts");
  out.pictures_per_step = in.integer_or("pictures_per_step", out.pictures_per_step, 1, kMany);
  out.captions_per_picture =
      in.integer_or("captions_per_picture", out.captions_per_picture, 1, kMany);
  out.questions_per_picture =
      in.integer_or("questions_per_picture", out.questions_per_picture, 1, kMany);
  out.questions_per_step = in.integer_or("questions_per_step", out.questions_per_step, 1, kMany);
  out.views = in.integer_or("views", out.views, 1, 1000);
  out.crop_share = in.number_or("crop_share", out.crop_share, 0, 1);
  out.rows = in.integer_or("rows", 0, 0, kMany);
  out.columns = in.integer_or("columns", 0, 0, kMany);
  out.held_out = in.integer_or("held_out", 0, 0, kMany);
  const bool pictures = !out.captions.empty() || !out.questions.empty();
  if (pictures == !out.texts.empty())
    in.fail_at("texts", "either picture files ('captions', 'questions') or 'texts'");
  return out;
}

StageConfig read_stage(const io::Config& in, const std::vector<DatasetConfig>& datasets) {
  StageConfig out;
  out.steps = in.integer("steps", 1, 1 << 30);
  out.learning_rate = in.number("learning_rate", 0, 1);
  out.warmup_steps = in.integer_or("warmup_steps", out.warmup_steps, 0, out.steps);
  out.self_critical_samples = in.integer_or("self_critical_samples", 0, 0, 1000);
  if (out.self_critical_samples == 1)
    in.fail_at("self_critical_samples", "0 or at least 2 (each sample is judged by the others)");
  const io::Config weights = in.object("weights");
  for (const DatasetConfig& dataset : datasets)
    out.weights[dataset.name] = weights.number_or(dataset.name, 0, 0, 1);
  return out;
}

}  // namespace

std::string config_kind(const std::filesystem::path& path) {
  const io::Config in = io::Config::load(path, ErrorCode::kDataFormat);
  if (!in.has("kind")) return "model";
  return in.string("kind", {"model", "detector", "reasoner", "answer_scorer"});
}

TrainConfig load_train_config(const std::filesystem::path& path) {
  const io::Config in = io::Config::load(path, ErrorCode::kDataFormat);
  TrainConfig out;
  in.ignore("kind");
  out.model = models::native::load_model_config(in.string("model"));
  out.initial = in.string_or("initial", "");
  out.tokenizer = in.string("tokenizer");
  out.frozen = in.strings_or("frozen", {});
  for (const io::Config& dataset : in.objects("datasets"))
    out.datasets.push_back(read_dataset(dataset));
  for (const io::Config& stage : in.objects("stages"))
    out.stages.push_back(read_stage(stage, out.datasets));
  out.fit.ema_decay = 0.999;
  read_loop_options(in, out.fit);
  out.min_token_count = in.integer_or("min_token_count", out.min_token_count, 1, 1 << 30);
  out.label_smoothing = in.number_or("label_smoothing", out.label_smoothing, 0, 0.9);
  out.dropout = in.number_or("dropout", out.dropout, 0, 0.9);
  out.cell_dropout = in.number_or("cell_dropout", out.cell_dropout, 0, 0.9);
  out.token_dropout = in.number_or("token_dropout", out.token_dropout, 0, 0.9);
  out.threads = in.integer_or("threads", 0, 0, 1024);
  out.device = in.string_or("device", "cpu");
  out.without_pictures = in.boolean_or("without_pictures", false);
  if (out.datasets.empty()) in.fail_at("datasets", "at least one dataset");
  if (out.stages.empty()) in.fail_at("stages", "at least one stage");
  in.check_all_used();
  return out;
}

}  // namespace beholder::train
