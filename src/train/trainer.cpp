#include "train/trainer.hpp"

#include <ATen/Context.h>
#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/check.hpp"
#include "core/file.hpp"
#include "io/checksums.hpp"
#include "nn/attention_mask.hpp"
#include "text/mirror_words.hpp"
#include "train/batch.hpp"
#include "train/feature_cache.hpp"
#include "train/fit.hpp"
#include "train/self_critical.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

using fusion::Task;

constexpr double kPi = 3.14159265358979323846;
constexpr std::int64_t kMaxSampledTokens = 24;

/// Losses of one or more sub-batches: sums of the task means, and how many.
struct Losses {
  double caption = 0, answer = 0;
  std::int64_t captions = 0, answers = 0;
  std::int64_t answers_right = 0, answers_asked = 0;  // teacher-forced, whole sequences
  double reward = 0;                                  // of self-critical captions
  std::int64_t rewards = 0;

  void fill(TrainReport& report) const {
    report.caption_loss = captions ? caption / captions : 0;
    report.answer_loss = answers ? answer / answers : 0;
    report.caption_reward = rewards ? reward / rewards : 0;
  }
};

/// "cpu", "cuda" or "cuda:1". @throws Error kUsage, kUnsupported
at::Device device_of(const std::string& name) {
  if (name == "cpu") return at::kCPU;
  check(name == "cuda" || name.rfind("cuda:", 0) == 0, ErrorCode::kUsage, "device '", name,
        "' is not one of cpu, cuda, cuda:<number>");
  check(
      at::hasCUDA(), ErrorCode::kUnsupported, "device '", name,
      "': this libtorch has no CUDA or finds no device; train with --device cpu, or build against "
      "a libtorch with CUDA (CMAKE_PREFIX_PATH)");
  return at::Device(name);
}

/// Those that are not trained run through the kernels of inference, and what they give is cached.
std::vector<nn::StateRule> packed(const std::vector<std::string>& prefixes) {
  std::vector<nn::StateRule> out;
  for (const std::string& prefix : prefixes) out.push_back({prefix, nn::ParameterState::kPacked});
  return out;
}

class Trainer {
 public:
  Trainer(const TrainConfig& config, const TrainControl& control)
      : config_(config),
        control_(control),
        tokenizer_(text::WordPieceTokenizer::load(config.tokenizer)),
        vocabulary_(read_data()),
        parameters_(config.initial.empty() ? std::optional<io::SafetensorsFile>()
                                           : io::SafetensorsFile::open(config.initial),
                    packed(config.frozen), config.fit.seed, device_of(config.device)),
        device_(device_of(config.device)) {
    config_.model.fusion.vocab_size = vocabulary_.size();
    networks_ = std::make_unique<models::native::Networks>(parameters_, config_.model);
    build_caches();
  }

  void run() {
    FitOptions options = config_.fit;
    options.fingerprint = fingerprint(models::native::write_model_config(config_.model) +
                                      std::to_string(options.seed));
    options.steps = 0;
    for (const StageConfig& stage : config_.stages) options.steps += stage.steps;
    FitTask task;
    task.learning_rate = [this](std::int64_t step) { return learning_rate(step); };
    task.backward = [this](std::int64_t step) { backward(step); };
    task.report = [this](TrainReport& report) {
      report.phase = "train";
      losses_.fill(report);
      losses_ = {};
    };
    task.validate = [this] { return validate(); };
    task.save = [this](const NamedTensors& average) { save(average); };
    fit(options, parameters_, task, control_);
  }

 private:
  /// Reads all datasets and collects the output vocabulary from what is to be written.
  text::OutputVocabulary read_data() {
    fs::create_directories(config_.fit.run);
    for (const DatasetConfig& dataset : config_.datasets)
      sets_.push_back(read_training_set(dataset));
    // What was begun with a vocabulary keeps it: a resumed run, or a trained model to start from.
    const fs::path path = config_.fit.run / "output_vocab.txt";
    if (fs::exists(path)) return text::OutputVocabulary::load(path);
    const fs::path before = config_.initial.parent_path() / "output_vocab.txt";
    if (!config_.initial.empty() && fs::exists(before)) {
      auto vocabulary = text::OutputVocabulary::load(before);
      vocabulary.save(path);
      return vocabulary;
    }
    auto vocabulary =
        text::OutputVocabulary::build(tokenizer_, texts_to_write(sets_), config_.min_token_count);
    vocabulary.save(path);
    return vocabulary;
  }

  void build_caches() {
    c10::NoGradGuard no_grad;
    const auto progress = [&](const char* phase) {
      return [this, phase](std::int64_t done, std::int64_t all) {
        TrainReport report;
        report.phase = phase;
        report.done = done;
        report.all = all;
        if (control_.report) control_.report(report);
        if (control_.cancelled && control_.cancelled())
          fail(ErrorCode::kCancelled, "stopped while caching ", phase, "; run again to go on");
      };
    };
    std::set<std::string> distinct;
    std::vector<std::string> questions;
    for (const TrainingSet& set : sets_) {
      const auto add = [&](const Question& question, bool pictured) {
        if (distinct.insert(question.text).second) questions.push_back(question.text);
        const std::string mirrored = text::mirror_words(question.text);
        if (pictured && distinct.insert(mirrored).second) questions.push_back(mirrored);
      };
      for (const auto* list : {&set.pictures, &set.held_out})
        for (const PictureExamples& picture : *list)
          for (const Question& question : picture.questions) add(question, true);
      for (const Question& question : set.texts) add(question, false);
    }
    const fs::path folder = config_.fit.run.parent_path() / "cache";
    questions_ = QuestionCache::build(folder, questions, *networks_, tokenizer_,
                                      config_.model.max_question_tokens,
                                      weights_fingerprint("text_encoder."), progress("questions"));
    const std::string stem = weights_fingerprint("vision_encoder.stem.");
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      std::vector<fs::path> pictures;
      for (const auto* list : {&sets_[i].pictures, &sets_[i].held_out})
        for (const PictureExamples& picture : *list) pictures.push_back(picture.image);
      pictures_.push_back(config_.without_pictures || pictures.empty()
                              ? PictureCache()
                              : PictureCache::build(folder, pictures, sets_[i].config.views,
                                                    *networks_->vision, grid_of(sets_[i].config),
                                                    config_.model.image, stem,
                                                    progress("pictures")));
      samplers_.emplace_back(sets_[i], tokenizer_, vocabulary_, questions_,
                             config_.model.fusion.max_position_embeddings - 1,
                             config_.fit.seed + 7919 * i);
      rewards_.push_back(reward_of(sets_[i]));
    }
  }

  vision::Grid grid_of(const DatasetConfig& dataset) const {
    const std::int64_t side = config_.model.vision.grid();
    const vision::Grid grid{dataset.rows > 0 ? dataset.rows : side,
                            dataset.columns > 0 ? dataset.columns : side};
    check(grid.cells() <= std::max(side * side, config_.model.vision.max_cells),
          ErrorCode::kDataFormat, "dataset '", dataset.name, "': ", grid.rows, " rows of ",
          grid.columns, " cells are more than the model's max_cells (",
          config_.model.vision.max_cells, ")");
    return grid;
  }

  /// What a cached output depends on besides its inputs: the frozen weights under `prefix`, or
  /// without a file of them all that random ones and their use depend on.
  std::string weights_fingerprint(const std::string& prefix) const {
    const std::string words = fingerprint(read_file_text(config_.tokenizer / "vocab.txt"));
    if (config_.initial.empty())
      return concat("seed ", config_.fit.seed, " ",
                    models::native::write_model_config(config_.model), " ", words);
    const io::SafetensorsFile file = io::SafetensorsFile::open(config_.initial);
    std::string all = words;
    for (const std::string& name : file.names()) {
      if (name.rfind(prefix, 0) != 0) continue;
      const io::TensorView& view = file.at(name);
      all += concat("\n", name, " ",
                    fingerprint({reinterpret_cast<const char*>(view.data), view.bytes}));
    }
    return fingerprint(all) + " " + std::to_string(config_.model.text.num_attention_heads);
  }

  /// The judge of a set's captions, where a stage needs one.
  std::unique_ptr<CaptionReward> reward_of(const TrainingSet& set) const {
    const bool judged = std::any_of(config_.stages.begin(), config_.stages.end(), [&](auto& stage) {
      return stage.self_critical_samples > 0 && stage.weights.at(set.config.name) > 0;
    });
    if (!judged || set.config.captions.empty()) return nullptr;
    std::vector<std::vector<std::string>> captions;
    for (const PictureExamples& picture : set.pictures) captions.push_back(picture.captions);
    return std::make_unique<CaptionReward>(captions);
  }

  /// The pictures of a sub-batch of set `set`, encoded; undefined where it has none.
  at::Tensor encode_pictures(std::size_t set, const Batch& batch, bool training) {
    if (batch.pictures.empty() || config_.without_pictures) return {};
    const at::Tensor cells = pictures_[set].cells(batch.pictures, batch.views).to(device_);
    at::Tensor kept;
    if (training && config_.cell_dropout > 0) {
      const auto keep =
          static_cast<std::int64_t>(std::lround(cells.size(1) * (1 - config_.cell_dropout)));
      kept = std::get<0>(at::randperm(cells.size(1)).slice(0, 0, keep).sort()).to(device_);
    }
    return networks_->vision->encode(cells, pictures_[set].grid(), kept,
                                     training ? config_.dropout : 0);
  }

  /// Mean loss over the tokens of each task of a sub-batch of set `set`; `losses` gets the values.
  at::Tensor loss(std::size_t set, const Batch& batch, bool training, std::int64_t samples,
                  Losses& losses) {
    fusion::DecoderMemory memory;
    memory.image = networks_->fusion.project_image(encode_pictures(set, batch, training));
    at::Tensor total = at::zeros({}, device_);
    for (const SequenceBatch& sequences : batch.sequences) {
      memory.question.clear();
      memory.question_mask = at::Tensor();
      if (!sequences.questions.empty()) {
        const auto [embeds, mask] = questions_.embeds(sequences.questions);
        memory.question = networks_->fusion.project_question(embeds.to(device_));
        memory.question_mask = nn::padding_mask(mask.to(device_));
      }
      if (training && samples > 0 && sequences.task == Task::kDescribe && rewards_[set]) {
        const SelfCritical critical =
            self_critical(networks_->fusion, memory, batch.pictures, vocabulary_, *rewards_[set],
                          samples, kMaxSampledTokens);
        losses.reward += critical.mean_reward;
        ++losses.rewards;
        total = total + critical.loss;
      } else if (const at::Tensor taught = token_loss(sequences, memory, training, losses);
                 taught.defined()) {
        total = total + taught;
      }
    }
    return total;
  }

  /// Mean cross-entropy of the tokens to be learned; undefined where there are none.
  at::Tensor token_loss(const SequenceBatch& sequences, const fusion::DecoderMemory& memory,
                        bool training, Losses& losses) {
    at::Tensor input_ids = sequences.input_ids.to(device_);
    if (training && config_.token_dropout > 0)
      input_ids = at::where(at::rand(input_ids.sizes(), device_).lt(config_.token_dropout),
                            at::full_like(input_ids, vocabulary_.unk_id()), input_ids);
    const at::Tensor hidden = networks_->fusion.forward(input_ids, sequences.task, memory,
                                                        training ? config_.dropout : 0);
    // Only the positions that are learned need their row of V logits.
    const at::Tensor targets = sequences.targets.reshape({-1}).to(device_);
    const at::Tensor learned = targets.ne(-100).nonzero().squeeze(1);
    if (learned.numel() == 0) return {};
    const at::Tensor logits = networks_->fusion.logits(
        hidden.reshape({targets.size(0), -1}).index_select(0, learned));  // (n, V)
    const at::Tensor smoothed =
        at::cross_entropy_loss(logits, targets.index_select(0, learned), {}, at::Reduction::Mean,
                               -100, training ? config_.label_smoothing : 0);
    const double value = smoothed.item<double>();
    check_finite(value, step_);
    if (sequences.task == Task::kDescribe) {
      losses.caption += value;
      ++losses.captions;
    } else {
      losses.answer += value;
      ++losses.answers;
      if (!training) count_right(sequences, logits.to(at::kCPU), learned.to(at::kCPU), losses);
    }
    return smoothed;
  }

  /// Whole sequences whose every token was the likeliest one.
  static void count_right(const SequenceBatch& sequences, const at::Tensor& logits,
                          const at::Tensor& learned, Losses& losses) {
    at::Tensor best = at::full({sequences.targets.numel()}, -100, at::kLong);
    best.index_copy_(0, learned, logits.argmax(-1));
    const at::Tensor right = best.view(sequences.targets.sizes()).eq(sequences.targets).all(1);
    const at::Tensor asked = sequences.targets.ne(-100).any(1);
    losses.answers_right += right.logical_and(asked).sum().item<std::int64_t>();
    losses.answers_asked += asked.sum().item<std::int64_t>();
  }

  /// Where a step lies.
  struct Place {
    const StageConfig& stage;
    std::int64_t step;                  // of the stage
    std::map<std::string, double> due;  // sub-batches that earlier stages drew, a dataset
  };

  Place place_of(std::int64_t step) const {
    std::size_t stage = 0;
    std::map<std::string, double> due;
    for (; step >= config_.stages[stage].steps; ++stage) {
      for (const auto& [name, weight] : config_.stages[stage].weights)
        due[name] += std::floor(weight * config_.stages[stage].steps);
      step -= config_.stages[stage].steps;
    }
    return {config_.stages[stage], step, std::move(due)};
  }

  double learning_rate(std::int64_t step) const {
    const auto& [now, local, due] = place_of(step);
    const double progress = static_cast<double>(local - now.warmup_steps) /
                            std::max<std::int64_t>(1, now.steps - now.warmup_steps);
    return now.learning_rate * (local < now.warmup_steps
                                    ? static_cast<double>(local + 1) / now.warmup_steps
                                    : 0.5 * (1 + std::cos(kPi * progress)));
  }

  void backward(std::int64_t step) {
    step_ = step;
    Place now = place_of(step);
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      // Spread evenly: drawn when the running total passes a whole number.
      const double weight = now.stage.weights.at(sets_[i].config.name);
      const double before = std::floor(weight * now.step),
                   after = std::floor(weight * (now.step + 1));
      if (after <= before) continue;
      const auto draw = static_cast<std::int64_t>(now.due[sets_[i].config.name] + before);
      const at::Tensor value =
          loss(i, samplers_[i].draw(draw), true, now.stage.self_critical_samples, losses_);
      if (value.requires_grad()) value.backward();
    }
  }

  /// Losses on the held-out pictures.
  std::vector<TrainReport> validate() {
    std::vector<TrainReport> out;
    for (std::size_t i = 0; i < sets_.size(); ++i) {
      if (samplers_[i].held_out_size() == 0) continue;
      Losses losses;
      for (std::int64_t at = 0; at < samplers_[i].held_out_size(); at += 10)
        loss(i, samplers_[i].held_out(at, std::min(at + 10, samplers_[i].held_out_size())), false,
             0, losses);
      TrainReport& report = out.emplace_back();
      report.phase = "validate";
      losses.fill(report);
      report.text = concat(sets_[i].config.name, ": ", losses.answers_right, " of ",
                           losses.answers_asked, " held-out answers right, token by token");
    }
    return out;
  }

  void save(const NamedTensors& average) {
    const fs::path folder = config_.fit.run / "model";
    fs::create_directories(folder);
    io::SafetensorsWriter writer;
    add_tensors(writer, "", average);
    if (!config_.frozen.empty()) {
      const io::SafetensorsFile initial = io::SafetensorsFile::open(config_.initial);
      for (const std::string& name : initial.names()) {
        if (parameters_.state(name) != nn::ParameterState::kPacked) continue;
        const io::TensorView& view = initial.at(name);
        writer.add_copy(name, view.dtype, view.shape, view.data, view.bytes);
      }
    }
    writer.write(folder / "model.safetensors");
    vocabulary_.save(folder / "output_vocab.txt");
    for (const char* name : {"vocab.txt", "tokenizer_config.json"})
      write_file_atomic(folder / name, read_file_text(config_.tokenizer / name));
    write_file_atomic(folder / "config.json", models::native::write_model_config(config_.model));
    io::write_checksums(folder);
  }

  TrainConfig config_;
  TrainControl control_;
  text::WordPieceTokenizer tokenizer_;
  std::vector<TrainingSet> sets_;
  text::OutputVocabulary vocabulary_;
  nn::TrainableParameters parameters_;
  at::Device device_;
  std::unique_ptr<models::native::Networks> networks_;
  QuestionCache questions_;
  std::vector<PictureCache> pictures_;                   // one a set
  std::vector<std::unique_ptr<CaptionReward>> rewards_;  // one a set, null where none is needed
  std::vector<BatchSampler> samplers_;
  std::int64_t step_ = 0;
  Losses losses_;  // since the last report
};

}  // namespace

void train(const TrainConfig& config, const TrainControl& control) {
  device_of(config.device);  // before any long work
  use_threads(config.threads);
  Trainer(config, control).run();
}

}  // namespace beholder::train
