#include "train/answer_scorer_trainer.hpp"

#include <c10/core/GradMode.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <unordered_map>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/logistic.hpp"
#include "core/random.hpp"
#include "data/daquar_text.hpp"
#include "data/readers.hpp"
#include "eval/logistic_regression.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/metric_vqa.hpp"
#include "io/safetensors.hpp"
#include "nn/shape.hpp"
#include "scene/answer_scorer.hpp"
#include "text/content_words.hpp"
#include "text/question_kind.hpp"
#include "train/evidence_fit.hpp"
#include "train/feature_cache.hpp"
#include "train/photo_facts.hpp"
#include "vision/intake/image_decoder.hpp"

namespace beholder::train {
namespace fs = std::filesystem;

namespace {

constexpr int kFolds = 5;
constexpr std::int64_t kBatch = 256;
constexpr double kVotesToCount = 3;  // VQA's: what three people say is wholly right

/// How many people gave each answer, normalised.
std::map<std::string, double> votes_of(const data::QaRow& row) {
  std::map<std::string, double> votes;
  for (const auto& [answer, count] : row.answers) votes[eval::normalize_answer(answer)] += count;
  votes.erase("");
  return votes;
}

/// Accuracies of these: min(n / 3, 1).
std::map<std::string, double> accuracies(const data::QaRow& row) {
  std::map<std::string, double> votes = votes_of(row);
  for (auto& [answer, count] : votes) count = std::min(1.0, count / kVotesToCount);
  return votes;
}

std::string id_of(const data::QaRow& row) {
  const auto keys = nlohmann::json::parse(row.keys.empty() ? "{}" : row.keys);
  const auto id = keys.find("question_id");
  return id == keys.end() ? "" : id->dump();
}

/// The items that come often enough, the most frequent first, then by name.
template <typename Count>
std::vector<std::string> frequent(const std::map<std::string, Count>& counts, Count least) {
  std::vector<std::pair<Count, std::string>> kept;
  for (const auto& [item, count] : counts)
    if (count >= least) kept.emplace_back(-count, item);
  std::sort(kept.begin(), kept.end());
  std::vector<std::string> out;
  for (auto& [count, item] : kept) out.push_back(std::move(item));
  return out;
}

std::unordered_map<std::string, std::size_t> places_of(const std::vector<std::string>& items) {
  std::unordered_map<std::string, std::size_t> out;
  for (const std::string& item : items) out.emplace(item, out.size());
  return out;
}

/// A question for the prior: its n-grams, and its answers with their shares.
struct PriorExample {
  std::vector<std::int64_t> ngrams;
  std::vector<std::pair<std::size_t, double>> answers;
};

class AnswerScorerTrainer {
 public:
  AnswerScorerTrainer(const AnswerScorerTrainConfig& config, const TrainControl& control)
      : config_(config),
        control_(control),
        model_(models::native::load_native(config.base, "be the base of an answer scorer")),
        facts_(config.run, *model_) {
    check(model_->checkpoint().names != nullptr && model_->checkpoint().photo_objects != nullptr,
          ErrorCode::kUnsupported, config.base.string(),
          ": has no names or no photo_objects, from which an answer scorer takes its evidence");
    scorer_.width = config.width;
    scorer_.picture_size = model_->checkpoint().networks.vision->cell_size();
  }

  void run() {
    read_questions();
    read_captions();
    fit_prior();
    fit_words();
    measure_usual_photo();
    fit_ground();
    fit_weights();
    save();
  }

 private:
  void say(const std::string& text) const {
    TrainReport report;
    report.phase = "validate_fit";
    report.text = text;
    if (control_.report) control_.report(report);
  }

  void read_questions() {
    std::set<std::string> left_out;
    for (const fs::path& file : config_.leave_out)
      for (const data::QaRow& row : data::read_qa_jsonl(file)) left_out.insert(id_of(row));
    for (const fs::path& file : config_.questions)
      for (data::QaRow& row : data::read_qa_jsonl(file)) {
        left_out.insert(id_of(row));
        questions_.push_back(std::move(row));
      }
    left_out.erase("");
    std::vector<data::QaRow> texts;
    for (const fs::path& file : config_.texts)
      for (data::QaRow& row : data::read_vqa_text(file))
        if (left_out.count(id_of(row)) == 0) texts.push_back(std::move(row));
    std::map<std::string, double> votes;
    std::map<std::string, std::int64_t> ngrams;
    for (const data::QaRow& row : texts) {
      for (const auto& [answer, accuracy] : accuracies(row)) votes[answer] += accuracy;
      for (const std::string& ngram : text::question_ngrams(row.question)) ++ngrams[ngram];
    }
    scorer_.answers = frequent(votes, config_.min_answer_votes);
    scorer_.ngrams = frequent(ngrams, config_.min_ngram_count);
    check(!scorer_.answers.empty(), ErrorCode::kDataFormat, "the texts have no answer with ",
          config_.min_answer_votes, " votes");
    const auto places = places_of(scorer_.answers);
    const text::NGramVocabulary vocabulary(scorer_.ngrams);
    for (const data::QaRow& row : texts) {
      PriorExample one;
      double all = 0;
      for (const auto& [answer, accuracy] : accuracies(row))
        if (const auto known = places.find(answer); known != places.end()) {
          one.answers.emplace_back(known->second, accuracy);
          all += accuracy;
        }
      for (auto& [answer, share] : one.answers) share /= all;
      one.ngrams = vocabulary.ids(row.question);
      if (all > 0) texts_.push_back(std::move(one));
    }
    say(concat(texts_.size(), " questions, ", scorer_.answers.size(), " answers, ",
               scorer_.ngrams.size(), " n-grams"));
  }

  void read_captions() {
    std::map<std::string, std::int64_t> photos;
    for (const fs::path& file : config_.captions)
      for (const data::CaptionRow& row : data::read_caption_jsonl(file)) {
        std::map<std::string, int> said;  // by how many captions
        for (const std::string& caption : row.captions) {
          std::set<std::string> words;
          for (const std::string& word : text::content_words(caption))
            words.insert(text::concept_of(word));
          for (const std::string& word : words) ++said[word];
        }
        for (const auto& [word, count] : said) ++photos[word];
        captioned_.push_back(row.image);
        said_.push_back(std::move(said));
      }
    scorer_.words = frequent(photos, config_.min_word_photos);
    check(!scorer_.words.empty(), ErrorCode::kDataFormat,
          "the captions have no word that comes in ", config_.min_word_photos, " photos");
    facts_.look(captioned_, false, control_);
    say(concat(captioned_.size(), " photos with captions, ", scorer_.words.size(), " words"));
  }

  void fit_prior() {
    nn::TrainableParameters parameters({}, {}, config_.prior.seed);
    const text::AnswerPrior prior = scene::answer_prior(parameters, scorer_);
    {  // begin with how frequent each answer is
      c10::NoGradGuard no_grad;
      at::Tensor shares = at::full({static_cast<std::int64_t>(scorer_.answers.size())}, 1e-2);
      for (const PriorExample& one : texts_)
        for (const auto& [answer, share] : one.answers)
          shares.data_ptr<float>()[answer] += static_cast<float>(share);
      parameters.all()
          .at("answer_prior.output.bias")
          .detach()
          .copy_(at::log(shares / shares.sum()));
    }
    const auto loss = [&](std::int64_t step) {
      Random random = Random::of_run(config_.prior.seed, static_cast<std::uint64_t>(step));
      std::vector<std::vector<std::int64_t>> ngrams;
      at::Tensor target = at::zeros({kBatch, static_cast<std::int64_t>(scorer_.answers.size())});
      for (std::int64_t i = 0; i < kBatch; ++i) {
        const PriorExample& one = random.among(texts_);
        ngrams.emplace_back();
        for (const std::int64_t ngram : one.ngrams)
          if (!random.chance(config_.ngram_dropout)) ngrams.back().push_back(ngram);
        for (const auto& [answer, share] : one.answers)
          target[i].data_ptr<float>()[answer] = static_cast<float>(share);
      }
      const at::Tensor logits = prior.forward(ngrams, config_.dropout);
      return -(target * at::log_softmax(logits, -1)).sum(-1).mean();
    };
    fit_part("prior", config_.prior, parameters, loss, [&] {
      return concat("of the questions about photos the prior alone answers ",
                    percent(prior_accuracy(prior)));
    });
    prior_.clear();
    c10::NoGradGuard no_grad;
    for (const data::QaRow& row : questions_) prior_.push_back(prior_of(prior, row.question));
  }

  std::vector<float> prior_of(const text::AnswerPrior& prior, const std::string& question) const {
    const text::NGramVocabulary& vocabulary = vocabulary_of();
    const at::Tensor p =
        at::log_softmax(prior.forward({vocabulary.ids(question)}), -1).contiguous();
    return {p.data_ptr<float>(), p.data_ptr<float>() + p.numel()};
  }

  const text::NGramVocabulary& vocabulary_of() const {
    if (!vocabulary_) vocabulary_ = std::make_unique<text::NGramVocabulary>(scorer_.ngrams);
    return *vocabulary_;
  }

  double prior_accuracy(const text::AnswerPrior& prior) const {
    c10::NoGradGuard no_grad;
    double sum = 0;
    for (const data::QaRow& row : questions_) {
      const std::vector<float> p = prior_of(prior, row.question);
      const auto best = static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin());
      const auto right = accuracies(row);
      const auto found = right.find(scorer_.answers[best]);
      sum += found == right.end() ? 0 : found->second;
    }
    return questions_.empty() ? 0 : sum / static_cast<double>(questions_.size());
  }

  static std::string percent(double share) { return concat(std::round(1000 * share) / 10, " %"); }

  /// One row of unit features a photo.
  at::Tensor features_of(const std::vector<fs::path>& photos) const {
    at::Tensor out = at::zeros({static_cast<std::int64_t>(photos.size()), scorer_.picture_size});
    for (std::size_t i = 0; i < photos.size(); ++i) {
      const std::vector<float>& pooled = facts_.at(photos[i]).pooled;
      std::copy(pooled.begin(), pooled.end(), out[static_cast<std::int64_t>(i)].data_ptr<float>());
    }
    return scene::unit_features(out);
  }

  /// Learns on standardised features; what is kept takes them as they come, and gives scores that
  /// have the mean 0 and the deviation 1 over the photos.
  void fit_words() {
    const at::Tensor features = features_of(captioned_);
    const at::Tensor mean = features.mean(0), scale = features.std(0, false) + 1e-6;
    const at::Tensor x = (features - mean) / scale;
    const auto places = places_of(scorer_.words);
    at::Tensor truth = at::zeros({x.size(0), static_cast<std::int64_t>(scorer_.words.size())});
    for (std::size_t i = 0; i < said_.size(); ++i)
      for (const auto& [word, captions] : said_[i])
        if (const auto known = places.find(word); known != places.end())
          truth[static_cast<std::int64_t>(i)].data_ptr<float>()[known->second] =
              std::min(1.0F, static_cast<float>(captions) / 2);
    nn::TrainableParameters parameters({}, {}, config_.words.seed);
    const nn::Linear words = scene::photo_words(parameters, scorer_);
    {  // begin with what is usual: each word as likely as it is frequent, whatever the photo
      c10::NoGradGuard no_grad;
      at::Tensor weight = parameters.all().at("photo_words.weight");
      at::Tensor bias = parameters.all().at("photo_words.bias");
      weight.zero_();
      bias.copy_(at::logit(truth.mean(0), 1e-4));
    }
    const std::int64_t held = x.size(0) / 20;
    const auto loss_of = [&](const at::Tensor& rows, double dropout) {
      const at::Tensor logits =
          words.forward(at::dropout(x.index_select(0, rows), dropout, dropout > 0));
      return at::binary_cross_entropy_with_logits(logits, truth.index_select(0, rows), {}, {},
                                                  at::Reduction::None)
          .sum(1)
          .mean();
    };
    fit_part(
        "words", config_.words, parameters,
        [&](std::int64_t step) {
          Random random = Random::of_run(config_.words.seed, static_cast<std::uint64_t>(step));
          std::vector<std::int64_t> rows;
          for (std::int64_t i = 0; i < kBatch; ++i)
            rows.push_back(held + static_cast<std::int64_t>(
                                      random.below(static_cast<std::size_t>(x.size(0) - held))));
          return loss_of(nn::id_tensor(rows), 0.2);
        },
        [&] {
          c10::NoGradGuard no_grad;
          return concat("words of photos held out: ", loss_of(at::arange(held), 0).item<double>(),
                        " nats a photo");
        });
    c10::NoGradGuard no_grad;
    at::Tensor& weight = tensors_.at("photo_words.weight");
    at::Tensor& bias = tensors_.at("photo_words.bias");
    bias = bias - at::mv(weight, mean / scale);
    weight = weight / scale;
    const at::Tensor scores = at::mm(features, weight.t()) + bias;
    const at::Tensor middle = scores.mean(0), spread = scores.std(0, false) + 0.1;
    weight = (weight / spread.unsqueeze(1)).contiguous();
    bias = ((bias - middle) / spread).contiguous();
  }

  template <typename Loss, typename Validate>
  void fit_part(const char* part, FitOptions options, const nn::TrainableParameters& parameters,
                const Loss& loss, const Validate& validate) {
    options.run = config_.run / part;
    fs::create_directories(options.run);
    options.fingerprint = fingerprint(concat(part, scorer_.to_json(), texts_.size()));
    NamedTensors kept;
    fit(options, parameters,
        loss_task(loss, validate, [&](const NamedTensors& average) { kept = average; }), control_);
    if (kept.empty()) kept = parameters.all();
    for (const auto& [name, value] : kept) tensors_[name] = value.detach().clone().contiguous();
  }

  std::vector<double> class_probabilities(const fs::path& photo) const {
    c10::NoGradGuard no_grad;
    const models::native::Checkpoint& base = model_->checkpoint();
    const at::Tensor pooled = at::tensor(facts_.at(photo).pooled, at::kFloat);
    const at::Tensor logits =
        base.networks.imagenet_head
            ->forward(pooled.slice(0, 0, vision::EfficientNetStem::kStride32Channels).unsqueeze(0))
            .view({-1})
            .contiguous();
    return base.names->probabilities(
        {logits.data_ptr<float>(), logits.data_ptr<float>() + logits.numel()});
  }

  std::vector<fs::path> asked_photos() const {
    std::vector<fs::path> out;
    std::set<fs::path> seen;
    for (const data::QaRow& row : questions_)
      if (seen.insert(row.image).second) out.push_back(row.image);
    return out;
  }

  void measure_usual_photo() {
    const std::vector<fs::path> photos = asked_photos();
    facts_.look(photos, true, control_);
    scorer_.usual.classes.assign(text::NameTree::kClasses, 0);
    scorer_.usual.colors.assign(scene::kPhotoColors.size(), 0);
    const double share = 1 / static_cast<double>(photos.size());
    for (const fs::path& photo : photos) {
      const std::vector<double> classes = class_probabilities(photo);
      for (std::size_t i = 0; i < classes.size(); ++i)
        scorer_.usual.classes[i] += classes[i] * share;
      const auto colors = scene::color_shares(vision::load_image(photo), {0, 0, 1, 1});
      for (std::size_t i = 0; i < colors.size(); ++i) scorer_.usual.colors[i] += colors[i] * share;
    }
    for (double& one : scorer_.usual.classes) one = std::round(one * 1e7) / 1e7;
    for (double& one : scorer_.usual.colors) one = std::round(one * 1e4) / 1e4;
  }

  /// Tells the photos that the decoder learned questions about from all others.
  void fit_ground() {
    std::vector<fs::path> photos;
    std::set<fs::path> seen;
    for (const fs::path& file : config_.decoder_photos)
      for (const data::QaRow& row : data::read_qa_jsonl(file))
        if (seen.insert(row.image).second) photos.push_back(row.image);
    const auto of_decoder = static_cast<std::int64_t>(photos.size());
    facts_.look(photos, false, control_);
    photos.insert(photos.end(), captioned_.begin(), captioned_.end());
    for (const fs::path& photo : asked_photos()) photos.push_back(photo);
    const at::Tensor features = features_of(photos);
    at::Tensor truth = at::zeros({features.size(0)});
    truth.slice(0, 0, of_decoder).fill_(1);
    constexpr double kL2 = 1e-3;
    const eval::LogisticFit fitted = eval::fit_logistic_regression(features, truth, kL2);
    tensors_["decoder_ground.weight"] = at::tensor(fitted.weights, at::kFloat).unsqueeze(0);
    tensors_["decoder_ground.bias"] = at::tensor({static_cast<float>(fitted.offset)});
  }

  std::vector<EvidenceExample> examples() {
    const scene::AnswerEvidence evidence(scorer_.answers, scorer_.words,
                                         model_->checkpoint().names->tree(), scorer_.usual);
    std::vector<EvidenceExample> out;
    std::map<fs::path, std::size_t> folds;
    for (std::size_t i = 0; i < questions_.size(); ++i) {
      const data::QaRow& row = questions_[i];
      const SeenPhoto& seen = facts_.at(row.image);
      const text::AskedFor asked = text::asked_for(row.question);
      const vision::Image photo = vision::load_image(row.image);
      scene::PhotoFacts facts;
      const at::Tensor scores =
          at::mv(tensors_.at("photo_words.weight"), features_of({row.image})[0]) +
          tensors_.at("photo_words.bias");
      facts.words.assign(scores.data_ptr<float>(), scores.data_ptr<float>() + scores.numel());
      facts.classes = class_probabilities(row.image);
      if (evidence.wants_things(asked, row.question)) facts.things = seen.things;
      facts.width = seen.width;
      facts.height = seen.height;
      facts.photo = &photo;
      EvidenceExample one;
      one.form = scene::answer_form(asked);
      one.evidence = evidence.of(asked, row.question, prior_[i], facts);
      const auto right = accuracies(row);
      const auto votes = votes_of(row);
      for (const std::string& answer : scorer_.answers) {
        const auto voted = votes.find(answer);
        one.votes.push_back(voted == votes.end() ? 0 : static_cast<float>(voted->second));
        const auto found = right.find(answer);
        one.accuracy.push_back(found == right.end() ? 0 : static_cast<float>(found->second));
        one.fits.push_back(text::fits(asked, answer));
      }
      one.fold = folds.emplace(row.image, folds.size() % kFolds).first->second;
      out.push_back(std::move(one));
    }
    return out;
  }

  void fit_weights() {
    const std::vector<EvidenceExample> all = examples();
    std::map<const scene::AnswerCalibration*, std::pair<std::vector<double>, std::vector<double>>>
        kinds;
    std::array<double, scene::kAnswerForms> right{}, asked{};
    for (int fold = 0; fold < kFolds; ++fold) {
      const scene::EvidenceWeights weights = fit_evidence(all, fold, config_.l2);
      for (const EvidenceExample& one : all) {
        if (static_cast<int>(one.fold) != fold) continue;
        const EvidenceGuess best = guess(one, weights);
        const auto form = static_cast<std::size_t>(one.form);
        ++asked[form];
        if (best.probability == 0) continue;
        right[form] += one.accuracy[best.answer];
        const scene::AnswerCalibration& kind = scorer_.calibration(scorer_.answers[best.answer]);
        auto& [x, y] = kinds[&kind];
        x.push_back(logit(best.probability));
        // Where people are split both yes and no are "right"; a confidence shall be in what most
        // say.
        const float most = *std::max_element(one.votes.begin(), one.votes.end());
        const bool split = &kind == &scorer_.yes_no && one.votes[best.answer] < most;
        y.push_back(split ? 0 : one.accuracy[best.answer]);
      }
    }
    scorer_.weights = fit_evidence(all, -1, config_.l2);
    double total = 0, count = 0;
    constexpr std::array<const char*, scene::kAnswerForms> kNames = {"yes/no", "numbers", "colours",
                                                                     "alternatives", "others"};
    std::string forms;
    for (std::size_t form = 0; form < right.size(); ++form) {
      total += right[form];
      count += asked[form];
      if (asked[form] > 0)
        forms += concat(", ", kNames[form], " ", percent(right[form] / asked[form]), " of ",
                        asked[form]);
    }
    say(concat("by weights of the other folds ", percent(total / count), forms));
    for (scene::AnswerCalibration* kind : {&scorer_.yes_no, &scorer_.number, &scorer_.other}) {
      const auto& [x, y] = kinds[kind];
      if (x.empty()) {  // nothing is known of such answers: none is given
        kind->min_confidence = 1;
        continue;
      }
      std::tie(kind->slope, kind->offset) = eval::fit_logistic(x, y);
      kind->min_confidence = kind == &scorer_.yes_no ? config_.yes_no_accuracy : config_.accuracy;
    }
  }

  void save() const {
    const fs::path folder = config_.run / "model";
    fs::create_directories(folder);
    io::SafetensorsWriter writer;
    for (const auto& [name, value] : tensors_) {
      const at::Tensor tensor = value.to(at::kFloat).contiguous();
      writer.add_copy(name, io::DType::kF32, tensor.sizes().vec(), tensor.data_ptr<float>(),
                      static_cast<std::size_t>(tensor.numel()) * sizeof(float));
    }
    writer.write(folder / scene::AnswerScorer::kFileName);
    write_file_atomic(folder / scene::AnswerScorer::kListsName, scorer_.to_json());
  }

  AnswerScorerTrainConfig config_;
  TrainControl control_;
  std::shared_ptr<const models::native::NativeModel> model_;
  PhotoFactsCache facts_;
  scene::AnswerScorerConfig scorer_;
  mutable std::unique_ptr<text::NGramVocabulary> vocabulary_;
  std::vector<PriorExample> texts_;
  std::vector<data::QaRow> questions_;
  std::vector<std::vector<float>> prior_;  ///< of each question, log-probabilities
  std::vector<fs::path> captioned_;
  std::vector<std::map<std::string, int>> said_;  ///< of each captioned photo
  NamedTensors tensors_;
};

FitOptions part_options(const io::Config& in, const std::string& key,
                        const AnswerScorerTrainConfig& all, FitOptions out) {
  const io::Config part = in.object(key);
  out.steps = part.integer("steps", 1, 1 << 30);
  out.learning_rate = part.number_or("learning_rate", out.learning_rate, 0, 1);
  out.warmup_steps = part.integer_or("warmup_steps", 20, 0, out.steps);
  out.weight_decay = part.number_or("weight_decay", out.weight_decay, 0, 10);
  out.run = all.run;
  return out;
}

}  // namespace

AnswerScorerTrainConfig load_answer_scorer_train_config(const fs::path& path) {
  const io::Config in = io::Config::load(path, ErrorCode::kDataFormat);
  AnswerScorerTrainConfig out;
  in.string("kind", {"answer_scorer"});
  out.base = in.string("base");
  out.texts = read_paths(in, "texts");
  out.leave_out = read_paths(in, "leave_out");
  out.captions = read_paths(in, "captions");
  out.questions = read_paths(in, "questions");
  out.decoder_photos = read_paths(in, "decoder_photos");
  for (const auto& [key, files] :
       {std::pair{"texts", &out.texts}, {"captions", &out.captions}, {"questions", &out.questions}})
    if (files->empty()) in.fail_at(key, "one file or more");
  out.min_answer_votes = in.number_or("min_answer_votes", out.min_answer_votes, 0, 1e9);
  out.min_ngram_count = in.integer_or("min_ngram_count", out.min_ngram_count, 1, 1 << 30);
  out.min_word_photos = in.integer_or("min_word_photos", out.min_word_photos, 1, 1 << 30);
  out.width = in.integer_or("width", out.width, 1, 1 << 14);
  out.dropout = in.number_or("dropout", out.dropout, 0, 0.9);
  out.ngram_dropout = in.number_or("ngram_dropout", out.ngram_dropout, 0, 0.9);
  out.l2 = in.number_or("l2", out.l2, 0, 1e6);
  out.accuracy = in.number_or("accuracy", out.accuracy, 0, 1);
  out.yes_no_accuracy = in.number_or("yes_no_accuracy", out.yes_no_accuracy, 0, 1);
  out.threads = in.integer_or("threads", 0, 0, 1024);
  FitOptions loop;
  read_loop_options(in, loop);
  out.run = loop.run;
  out.prior = part_options(in, "prior", out, loop);
  out.words = part_options(in, "photo_words", out, loop);
  in.check_all_used();
  return out;
}

void train_answer_scorer(const AnswerScorerTrainConfig& config, const TrainControl& control) {
  use_threads(config.threads);
  AnswerScorerTrainer(config, control).run();
}

}  // namespace beholder::train
