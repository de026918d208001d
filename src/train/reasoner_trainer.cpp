#include "train/reasoner_trainer.hpp"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "core/check.hpp"
#include "core/file.hpp"
#include "data/json_lines.hpp"
#include "models/native/checkpoint.hpp"
#include "program/lexicon.hpp"
#include "text/text_encoder.hpp"
#include "text/wordpiece_tokenizer.hpp"
#include "text/words.hpp"
#include "train/feature_cache.hpp"
#include "train/reasoner_examples.hpp"
#include "train/step_supervision.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

using fusion::Task;

constexpr const char* kStepHead = "held_sets";

/// How an answer stands in the reasoner's vocabulary, apart from the words of programs.
std::string answer_token(const std::string& answer) { return "=" + answer; }

class ReasonerTrainer {
 public:
  ReasonerTrainer(const ReasonerTrainConfig& config, const TrainControl& control)
      : config_(config),
        control_(control),
        model_(models::native::load_model_config(config.base)),
        tokenizer_(text::WordPieceTokenizer::load(config.base)),
        frozen_(io::SafetensorsFile::open(config.base / "model.safetensors")),
        words_(frozen_, "text_encoder.embeddings.word_embeddings", model_.text.vocab_size,
               model_.text.hidden_size),
        parameters_({}, {}, config.fit.seed),
        vocabulary_(text::OutputVocabulary::of({})) {
    model_.lexicon = program::world_lexicon(config.names);
    read_examples();
    build_vocabulary();
    model_.reasoner = config.reasoner;
    model_.reasoner->vocab_size = vocabulary_.size();
    model_.reasoner->known_words = known_words();
    model_.reasoner->word_size = model_.text.hidden_size;
    model_.reasoner->object_size =
        static_cast<std::int64_t>(program::feature_count(model_.lexicon));
    reasoner_ = std::make_unique<fusion::Reasoner>(parameters_, "reasoner", *model_.reasoner);
    if (config.step_weight > 0)
      step_head_.emplace(parameters_, kStepHead, model_.reasoner->hidden_size, kStepPlaces);
    if (!config.initial.empty()) begin_with(config.initial);
  }

  void run() {
    FitOptions options = config_.fit;
    options.fingerprint =
        fingerprint(concat(models::native::write_model_config(model_), official_.size(), " ",
                           own_.size(), " ", worded_.size()));
    fs::create_directories(config_.fit.run / "model");
    vocabulary_.save(config_.fit.run / "model" / "reasoner_vocab.txt");
    fit(options, parameters_,
        loss_task([this](std::int64_t step) { return loss(step); }, [this] { return validate(); },
                  [this](NamedTensors average) {
                    for (const char* part : {".weight", ".bias"})
                      average.erase(kStepHead + std::string(part));
                    save_part(config_.fit.run, model_, average);
                  }),
        control_);
  }

 private:
  using Examples = std::vector<ReasonerExample>;

  /// Takes over what another reasoner knows: words by their names, features by their order (new
  /// ones come behind), layers by their number.
  void begin_with(const fs::path& model) {
    c10::NoGradGuard no_grad;
    const io::SafetensorsFile file = io::SafetensorsFile::open(model / "model.safetensors");
    nn::StoredParameters stored(file);
    const auto words = text::OutputVocabulary::load(model / "reasoner_vocab.txt");
    for (const auto& [name, parameter] : parameters_.all()) {
      if (!file.contains(name)) continue;
      const std::vector<std::int64_t>& shape = file.at(name).shape;
      const at::Tensor known = stored.tensor(name, shape, nn::Init::kZeros);
      at::Tensor value = parameter.detach();
      if (value.sizes() == at::IntArrayRef(shape) && shape[0] != words.size()) {
        value.copy_(known);
      } else if (shape[0] == words.size() && value.size(0) == vocabulary_.size()) {
        for (std::int64_t id = 0; id < words.size(); ++id)
          if (const std::int64_t here = vocabulary_.id(words.token(id));
              here != vocabulary_.unk_id() || id == words.unk_id())
            value[here].copy_(known[id]);
      } else {
        check(shape.size() == 2 && value.dim() == 2 && shape[0] == value.size(0) &&
                  shape[1] <= value.size(1),
              ErrorCode::kModelFormat, model.string(), ": '", name,
              "' has another shape than the reasoner of this configuration");
        value.zero_();
        value.slice(1, 0, shape[1]).copy_(known);
      }
    }
  }

  void read_examples() {
    for (const fs::path& folder : config_.official) {
      Examples all = read_reasoner_examples(folder);
      const std::size_t kept =
          all.size() - std::min(all.size(), static_cast<std::size_t>(config_.held_out));
      for (std::size_t i = 0; i < all.size(); ++i)
        (i < kept ? official_ : held_out_).push_back(std::move(all[i]));
    }
    for (const fs::path& folder : config_.own)
      for (ReasonerExample& one : read_reasoner_examples(folder)) own_.push_back(std::move(one));
    for (const ReasonerExample& one : own_)
      if (!one.world.things.empty() && one.world.things.front().attributes.count("material") > 0)
        worlds_.push_back(one.world);
    for (const fs::path& file : config_.worded)
      data::for_each_json_row(file, [&](const nlohmann::json& row, const data::RowPlace& place) {
        ReasonerExample one;
        const char* form = R"({"question", "program"})";
        one.question = data::required_string(row, "question", place, form);
        one.program =
            program::program_from_text(data::required_string(row, "program", place, form));
        worded_.push_back(std::move(one));
        return true;
      });
    check(!official_.empty() || !own_.empty(), ErrorCode::kDataFormat,
          "the reasoner needs examples: name 'official' or 'own' folders");
    // What does not fit would be cut, and a cut program means something else.
    const auto too_long = [&](const ReasonerExample& one) {
      return static_cast<std::int64_t>(program::program_words(one.program).size()) >=
                 config_.reasoner.max_program_tokens ||
             static_cast<std::int64_t>(tokenizer_.encode(one.question).size()) >
                 config_.reasoner.max_question_tokens;
    };
    for (Examples* list : {&official_, &own_, &worded_})
      list->erase(std::remove_if(list->begin(), list->end(), too_long), list->end());
  }

  /// The words of all questions, as `ReasonerConfig::known_words` has them.
  std::vector<std::string> known_words() const {
    std::set<std::string> out;
    for (const Examples* list : {&official_, &own_, &worded_})
      for (const ReasonerExample& one : *list)
        for (std::string& word : text::lower_case_words(one.question)) out.insert(std::move(word));
    for (std::string& word : exchangeable_words()) out.insert(std::move(word));
    return {out.begin(), out.end()};
  }

  /// Every word that a program of the lexicon can hold, and every answer.
  void build_vocabulary() {
    std::set<std::string> words, answers = {"yes", "no"};
    for (const program::Attribute& attribute : model_.lexicon)
      for (const std::string& value : attribute.values) {
        words.insert("filter_" + attribute.name + "[" + value + "]");
        answers.insert(value);
      }
    for (int i = 0; i <= 10; ++i) answers.insert(std::to_string(i));
    for (const Examples* list : {&official_, &own_, &worded_})
      for (const ReasonerExample& one : *list)
        for (const std::string& word : program::program_words(one.program)) words.insert(word);
    std::vector<std::string> tokens(words.begin(), words.end());
    for (const std::string& answer : answers) tokens.push_back(answer_token(answer));
    vocabulary_ = text::OutputVocabulary::of(tokens);
  }

  const ReasonerExample& draw(Random& random, bool with_world, bool& official) const {
    official = false;
    if (!with_world && !worded_.empty() && random.chance(0.15)) return random.among(worded_);
    official = own_.empty() || (!official_.empty() && random.chance(config_.official_share));
    return random.among(official ? official_ : own_);
  }

  struct Rows {
    fusion::ReasonerInput input;
    at::Tensor input_ids, targets;
    at::Tensor step_targets,
        step_known;  ///< (S, M, kStepPlaces) and (S, 1, kStepPlaces), with objects
  };

  Rows rows_of(const Examples& examples, Task task) const {
    const auto count = static_cast<std::int64_t>(examples.size());
    std::vector<std::vector<std::int64_t>> questions, outputs;
    std::size_t longest = 1, written = 1, things = 1;
    for (const ReasonerExample& one : examples) {
      questions.push_back(tokenizer_.encode(one.question));
      std::vector<std::int64_t> ids;
      if (task == Task::kExplain) {
        for (const std::string& word : program::program_words(one.program))
          ids.push_back(vocabulary_.id(word));
        ids.push_back(vocabulary_.eos_id());
      } else {
        ids.push_back(vocabulary_.id(answer_token(one.answer)));
      }
      outputs.push_back(std::move(ids));
      longest = std::max(longest, questions.back().size());
      written = std::max(written, outputs.back().size());
      things = std::max(things, one.world.things.size());
    }
    Rows out;
    const auto wide = static_cast<std::int64_t>(longest), tall = static_cast<std::int64_t>(written);
    at::Tensor ids = at::full({count, wide}, tokenizer_.pad_id(), at::kLong);
    out.input.question_mask = at::zeros({count, wide}, at::kLong);
    out.targets = at::full({count, tall}, -100, at::kLong);
    out.input_ids = at::full({count, tall - 1}, vocabulary_.pad_id(), at::kLong);
    for (std::int64_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < questions[i].size(); ++k) {
        ids[i].data_ptr<std::int64_t>()[k] = questions[i][k];
        out.input.question_mask[i].data_ptr<std::int64_t>()[k] = 1;
      }
      for (std::size_t k = 0; k < outputs[i].size(); ++k) {
        out.targets[i].data_ptr<std::int64_t>()[k] = outputs[i][k];
        if (k + 1 < outputs[i].size()) out.input_ids[i].data_ptr<std::int64_t>()[k] = outputs[i][k];
      }
    }
    {
      c10::NoGradGuard no_grad;
      out.input.words = words_.forward(ids);
    }
    if (task == Task::kAnswer) {
      const auto most = static_cast<std::int64_t>(things);
      const auto width = static_cast<std::int64_t>(program::feature_count(model_.lexicon));
      out.input.objects = at::zeros({count, most, width});
      out.input.object_mask = at::zeros({count, most}, at::kLong);
      for (std::int64_t i = 0; i < count; ++i) {
        const auto features = program::features_of(examples[i].world, model_.lexicon);
        std::copy(features.begin(), features.end(), out.input.objects[i].data_ptr<float>());
        out.input.object_mask[i].slice(0, 0, examples[i].world.things.size()).fill_(1);
      }
      if (step_head_) add_step_targets(examples, out);
    }
    return out;
  }

  static void add_step_targets(const Examples& examples, Rows& rows) {
    const auto count = static_cast<std::int64_t>(examples.size());
    const auto places = static_cast<std::int64_t>(kStepPlaces);
    rows.step_targets = at::zeros({count, rows.input.objects.size(1), places});
    rows.step_known = at::zeros({count, 1, places});
    for (std::int64_t i = 0; i < count; ++i) {
      const auto sets =
          step_targets(examples[i].program, execute(examples[i].program, examples[i].world));
      for (std::int64_t place = 0; place < places; ++place) {
        if (!sets[place]) continue;
        rows.step_known[i].data_ptr<float>()[place] = 1;
        for (const std::size_t thing : *sets[place])
          rows.step_targets[i]
              .data_ptr<float>()[static_cast<std::int64_t>(thing) * places + place] = 1;
      }
    }
  }

  at::Tensor step_loss(const Rows& rows, const at::Tensor& encoded) const {
    const at::Tensor objects = encoded.slice(1, rows.input.words.size(1));  // (S, M, D)
    const at::Tensor counts =
        rows.step_known * rows.input.object_mask.to(at::kFloat).unsqueeze(2);  // (S, M, places)
    const at::Tensor each = at::binary_cross_entropy_with_logits(
        step_head_->forward(objects), rows.step_targets, {}, {}, at::Reduction::None);
    return (each * counts).sum() / counts.sum().clamp_min(1);
  }

  at::Tensor loss_of(const Rows& rows, Task task, double dropout) const {
    const at::Tensor encoded = reasoner_->encode(rows.input, dropout);
    const at::Tensor hidden = reasoner_->decoder().forward(
        rows.input_ids, task, reasoner_->remember(encoded, rows.input), dropout);
    const at::Tensor logits = reasoner_->decoder().logits(hidden);  // (S, T, V)
    const at::Tensor loss =
        at::cross_entropy_loss(logits.reshape({-1, logits.size(2)}), rows.targets.reshape({-1}), {},
                               at::Reduction::Mean, -100, task == Task::kExplain ? 0.02 : 0);
    return rows.step_targets.defined() ? loss + config_.step_weight * step_loss(rows, encoded)
                                       : loss;
  }

  at::Tensor loss(std::int64_t step) {
    Random random = Random::of_run(config_.fit.seed, step);
    const auto batch = [&](std::int64_t count, bool with_world) {
      Examples out;
      for (std::int64_t i = 0; i < count; ++i) {
        bool official = false;
        const ReasonerExample& one = draw(random, with_world, official);
        ReasonerExample moved = one;
        if (official && with_world && random.chance(0.7)) transplant(moved, worlds_, random);
        out.push_back(official ? renamed(moved, random, 0.08) : std::move(moved));
        std::string& text = out.back().question;
        if (random.chance(0.2) && !text.empty() && std::ispunct(text.back()) != 0) text.pop_back();
      }
      return out;
    };
    at::Tensor total;
    if (config_.programs_per_step > 0)
      total = loss_of(rows_of(batch(config_.programs_per_step, false), Task::kExplain),
                      Task::kExplain, config_.dropout);
    if (config_.answers_per_step > 0) {
      const at::Tensor answers =
          loss_of(rows_of(batch(config_.answers_per_step, true), Task::kAnswer), Task::kAnswer,
                  config_.dropout) *
          config_.answer_weight;
      total = total.defined() ? total + answers : answers;
    }
    return total;
  }

  /// Whole programs, and answers, that are right on the held-out official questions.
  std::string validate() {
    std::int64_t programs = 0, answers = 0;
    for (std::size_t begin = 0; begin < held_out_.size(); begin += 100) {
      const Examples part(
          held_out_.begin() + static_cast<std::ptrdiff_t>(begin),
          held_out_.begin() + static_cast<std::ptrdiff_t>(std::min(begin + 100, held_out_.size())));
      for (const Task task : {Task::kExplain, Task::kAnswer}) {
        const Rows rows = rows_of(part, task);
        const at::Tensor best =
            reasoner_->decoder()
                .logits(reasoner_->decoder().forward(rows.input_ids, task,
                                                     reasoner_->remember(rows.input)))
                .argmax(-1);  // (S, T)
        const at::Tensor right =
            best.eq(rows.targets).logical_or(rows.targets.eq(-100)).all(1).sum();
        (task == Task::kExplain ? programs : answers) += right.item<std::int64_t>();
      }
    }
    return concat(programs, " of ", held_out_.size(), " held-out programs right, ", answers,
                  " direct answers");
  }

  ReasonerTrainConfig config_;
  TrainControl control_;
  models::native::ModelConfig model_;
  text::WordPieceTokenizer tokenizer_;
  nn::StoredParameters frozen_;
  nn::Embedding words_;
  nn::TrainableParameters parameters_;
  text::OutputVocabulary vocabulary_;
  std::unique_ptr<fusion::Reasoner> reasoner_;
  std::optional<nn::Linear> step_head_;
  Examples official_, own_, worded_, held_out_;
  std::vector<program::World> worlds_;  ///< of solids, for questions to be asked anew
};

}  // namespace

ReasonerTrainConfig load_reasoner_train_config(const fs::path& path) {
  const io::Config in = io::Config::load(path, ErrorCode::kDataFormat);
  constexpr std::int64_t kMany = 1 << 14;
  ReasonerTrainConfig out;
  in.string("kind", {"reasoner"});
  out.base = in.string("base");
  out.initial = in.string_or("initial", "");
  out.official = read_paths(in, "official");
  out.own = read_paths(in, "own");
  out.worded = read_paths(in, "worded");
  out.names = in.strings_or("names", {});
  out.held_out = in.integer_or("held_out", out.held_out, 0, 1 << 30);
  out.programs_per_step = in.integer_or("programs_per_step", out.programs_per_step, 0, kMany);
  out.answers_per_step = in.integer_or("answers_per_step", out.answers_per_step, 0, kMany);
  if (out.programs_per_step + out.answers_per_step == 0)
    in.fail_at("programs_per_step", "above 0, or 'answers_per_step' above 0");
  out.official_share = in.number_or("official_share", out.official_share, 0, 1);
  out.answer_weight = in.number_or("answer_weight", out.answer_weight, 0, 1000);
  out.step_weight = in.number_or("held_weight", out.step_weight, 0, 1000);
  out.dropout = in.number_or("dropout", out.dropout, 0, 0.9);
  out.threads = in.integer_or("threads", 0, 0, 1024);
  fusion::ReasonerConfig& r = out.reasoner;
  r.hidden_size = in.integer_or("hidden_size", r.hidden_size, 1, kMany);
  r.num_attention_heads = in.integer_or("num_attention_heads", r.num_attention_heads, 1, kMany);
  r.intermediate_size = in.integer_or("intermediate_size", r.intermediate_size, 1, kMany);
  r.num_encoder_layers = in.integer_or("num_encoder_layers", r.num_encoder_layers, 1, 64);
  r.num_decoder_layers = in.integer_or("num_decoder_layers", r.num_decoder_layers, 1, 64);
  out.fit = read_fit_options(in);
  in.check_all_used();
  return out;
}

void train_reasoner(const ReasonerTrainConfig& config, const TrainControl& control) {
  use_threads(config.threads);
  ReasonerTrainer(config, control).run();
}

}  // namespace beholder::train
