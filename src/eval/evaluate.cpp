#include "eval/evaluate.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/check.hpp"
#include "data/daquar_text.hpp"
#include "data/readers.hpp"
#include "engine/engine_impl.hpp"
#include "eval/metric_calibration.hpp"
#include "eval/metric_caption.hpp"
#include "eval/metric_support.hpp"
#include "eval/metric_vqa.hpp"
#include "eval/metric_wups.hpp"
#include "eval/rows.hpp"
#include "program/program.hpp"
#include "text/content_words.hpp"
#include "text/wordnet.hpp"

namespace beholder::eval {
namespace fs = std::filesystem;

namespace {

/// Encodes pictures, and keeps as many as fit a limit: those of large models take 40 MB each.
class Pictures {
 public:
  Pictures(const Engine& engine, std::vector<std::string>& unreadable)
      : engine_(engine), unreadable_(unreadable) {}

  /// Empty when the picture cannot be read; why is noted once.
  Picture find(const fs::path& path) {
    const auto found = known_.find(path.string());
    if (found != known_.end()) return found->second;
    if (failed_.count(path.string()) != 0) return {};
    try {
      Picture picture = engine_.encode(path);
      bytes_ += picture.encoded()->bytes();
      if (bytes_ > kMostBytes) {
        known_.clear();
        bytes_ = picture.encoded()->bytes();
      }
      return known_[path.string()] = picture;
    } catch (const Error& error) {
      failed_.insert(path.string());
      unreadable_.emplace_back(error.what());
      return {};
    }
  }

 private:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  const Engine& engine_;
  std::vector<std::string>& unreadable_;
  std::map<std::string, Picture> known_;
  std::set<std::string> failed_;
  std::uint64_t bytes_ = 0;
};

/// Of people's answers that say something ("???" does not), unless none does.
const std::string& most_common(const data::QaRow& row) {
  const auto weight = [](const auto& answer) {
    return normalize_answer(answer.first).empty() ? 0 : answer.second;
  };
  return std::max_element(row.answers.begin(), row.answers.end(),
                          [&](const auto& a, const auto& b) { return weight(a) < weight(b); })
      ->first;
}

double mean(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return values.empty() ? 0 : total / static_cast<double>(values.size());
}

/// Whether the program is the right one, and whether the steps shown end in the answer given.
void judge_trace(const Explanation& explanation, const std::string& wanted,
                 QuestionFigures::Traces& traces) {
  ++traces.rows;
  if (explanation.answer.method != Method::kProgram || explanation.steps.empty()) return;
  ++traces.by_program;
  traces.same += explanation.program ==
                 program_to_text(program::program_from_json(nlohmann::json::parse(wanted)));
  traces.faithful += explanation.steps.back().value == explanation.answer.top_k.front().answer;
}

/// Rows that all have an answer (`scored`), or that all have none.
std::vector<data::QaRow> read_questions(const EvalOptions& options, bool& scored) {
  std::vector<data::QaRow> all =
      data::read_qa_jsonl(options.data, {options.files, options.answers_required});
  cut(all, options.limit);
  const auto unanswered = std::count_if(all.begin(), all.end(),
                                        [](const data::QaRow& row) { return row.answers.empty(); });
  scored = unanswered == 0;
  check(scored || unanswered == static_cast<std::ptrdiff_t>(all.size()), ErrorCode::kDataFormat,
        options.data.string(), ": ", unanswered, " of ", all.size(),
        " rows have no answer; give all of them one, or none");
  return all;
}

/// The rows whose picture could be read, and how each came out.
struct Answered {
  std::vector<data::QaRow> rows;
  std::vector<double> confidences, correct;
  std::vector<double> correct_given;  // of the answers that the model's threshold lets through
};

Answered answer_all(const Engine& engine, const EvalOptions& options,
                    const std::vector<data::QaRow>& all, Pictures& pictures, EvalResult& result,
                    const Progress& progress) {
  // Asked with the model's own threshold, an answer has its best guess all the same.
  AnswerOptions with_threshold = options.answer;
  with_threshold.min_confidence = -1;
  Answered out;
  std::size_t done = 0;
  for (const data::QaRow& row : all) {
    const Picture picture = pictures.find(row.image);
    tell(progress, ++done, all.size());
    if (!picture) continue;
    const std::string question = data::clean_question(row.question);
    Answer given;
    if (row.program.empty() || !engine.can(Skill::kExplain)) {
      given = engine.answer(picture, question, with_threshold);
    } else {
      const Explanation explanation = engine.explain(picture, question, with_threshold);
      given = explanation.answer;
      judge_trace(explanation, row.program, result.questions.traces);
    }
    const std::string& best = given.top_k.empty() ? given.text : given.top_k.front().answer;
    Prediction prediction{
        row.image, row.question,     {},
        best,      given.confidence, result.questions.scored ? row_score(best, row) : 0,
        row.type,  row.keys};
    for (const auto& [text, count] : row.answers) prediction.expected.push_back(text);
    out.confidences.push_back(given.confidence);
    out.correct.push_back(prediction.correct);
    if (!given.abstained) out.correct_given.push_back(prediction.correct);
    result.predictions.push_back(std::move(prediction));
    out.rows.push_back(row);
  }
  check_any_read(!out.rows.empty(), options.data, result.unreadable);
  return out;
}

void measure_wups(const std::vector<data::QaRow>& rows, const std::vector<Prediction>& predictions,
                  QuestionFigures& figures) {
  figures.wups = text::WordNet::installed();
  if (!figures.wups) return;
  const text::WordNet wordnet;
  Wups wups(wordnet);
  std::vector<double> strict, lax;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string& truth = most_common(rows[i]);
    strict.push_back(wups.score(predictions[i].prediction, truth, 0.9));
    lax.push_back(wups.score(predictions[i].prediction, truth, 0.0));
  }
  figures.wups_09 = mean(strict);
  figures.wups_00 = mean(lax);
}

void measure_answers(const Answered& answered, const std::vector<Prediction>& predictions,
                     const BootstrapOptions& bootstrap, QuestionFigures& figures) {
  const auto& [rows, confidences, correct, correct_given] = answered;
  figures.accuracy = mean(correct);
  figures.accuracy_interval = bootstrap_mean(correct, bootstrap);
  figures.ece = expected_calibration_error(confidences, correct);
  figures.ece_chance = chance_calibration_error(confidences).mean;
  figures.risk_at_50 = risk_at_coverage(confidences, correct);
  figures.coverage = static_cast<double>(correct_given.size()) / static_cast<double>(rows.size());
  if (!correct_given.empty()) figures.accuracy_answered = mean(correct_given);
  measure_wups(rows, predictions, figures);
  std::map<std::string, std::vector<double>> types;
  for (const Prediction& prediction : predictions)
    if (!prediction.type.empty()) types[prediction.type].push_back(prediction.correct);
  for (const auto& [type, values] : types)
    figures.by_type.push_back({type, {mean(values), values.size()}});
}

/// How right the best guesses are when the same rows are asked with another picture.
/// @param picture_of a row by its number
template <typename PictureOf>
std::vector<double> scores_with(const Engine& engine, const EvalOptions& options,
                                const std::vector<data::QaRow>& rows, PictureOf&& picture_of,
                                const Progress& progress) {
  AnswerOptions answer = options.answer;
  answer.min_confidence = 0;
  std::vector<double> scores;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    scores.push_back(
        row_score(engine.answer(picture_of(i), data::clean_question(rows[i].question), answer).text,
                  rows[i]));
    tell(progress, i + 1, rows.size());
  }
  return scores;
}

void measure_baselines(const Engine& engine, const EvalOptions& options,
                       const std::vector<data::QaRow>& rows, Pictures& pictures,
                       QuestionFigures& figures, const Progress& progress) {
  const std::vector<std::uint8_t> grey(64 * 64 * 3, 128);
  const Picture blank = engine.encode_rgb(grey.data(), 64, 64);
  const auto blank_of = [&](std::size_t) { return blank; };
  figures.blank_picture = mean(scores_with(engine, options, rows, blank_of, progress));
  // Each row gets a picture half the list further on, never its own while there are two.
  std::vector<fs::path> order;
  std::map<fs::path, std::size_t> place;
  for (const data::QaRow& row : rows)
    if (place.emplace(row.image, order.size()).second) order.push_back(row.image);
  const std::size_t shift = std::min(order.size() / 2 + 1, order.size() - 1);
  const auto other_of = [&](std::size_t i) {
    return pictures.find(order[(place.at(rows[i].image) + shift) % order.size()]);
  };
  figures.shuffled_pictures = mean(scores_with(engine, options, rows, other_of, progress));
}

void evaluate_questions(const Engine& engine, const EvalOptions& options, EvalResult& result,
                        const Progress& progress) {
  QuestionFigures& figures = result.questions;
  const std::vector<data::QaRow> all = read_questions(options, figures.scored);
  std::optional<Engine> question_only;
  if (!options.question_only.empty()) question_only.emplace(Engine::load(options.question_only));
  Pictures pictures(engine, result.unreadable);
  const Answered answered = answer_all(engine, options, all, pictures, result, progress);
  if (!figures.scored) return;

  BootstrapOptions bootstrap;
  for (const data::QaRow& row : answered.rows) bootstrap.clusters.push_back(row.image.string());
  measure_answers(answered, result.predictions, bootstrap, figures);
  if (options.baselines)
    measure_baselines(engine, options, answered.rows, pictures, figures, progress);
  if (question_only) {
    const std::vector<double> blind = scores_with(
        *question_only, options, answered.rows, [](std::size_t) { return Picture(); }, progress);
    figures.question_only = mean(blind);
    figures.over_question_only = bootstrap_difference(answered.correct, blind, bootstrap);
  }
}

/// How far the confidences of descriptions can be trusted. @param rows with people's captions
void measure_support(const std::vector<Description>& descriptions,
                     const std::vector<Prediction>& rows, CaptionFigures& figures) {
  double given = 0, words_given = 0, right_given = 0;
  std::vector<double> confidences, shares, probabilities, truths;
  figures.support = text::WordNet::installed();
  std::optional<WordSupport> support;
  if (figures.support) support.emplace();
  for (std::size_t i = 0; i < descriptions.size(); ++i) {
    const Description& one = descriptions[i];
    given += one.abstained ? 0 : 1;
    if (!support) continue;
    std::vector<std::string> words;
    for (const DescribedWord& word : one.words) words.push_back(word.word);
    if (words.empty()) words = text::content_words(one.guess);
    if (words.empty()) continue;
    double right = 0;
    for (const bool supported : support->supported(words, rows[i].expected)) {
      truths.push_back(supported ? 1 : 0);
      right += truths.back();
    }
    for (const DescribedWord& word : one.words) probabilities.push_back(word.probability);
    const auto count = static_cast<double>(words.size());
    confidences.push_back(one.confidence);
    shares.push_back(right / count);
    words_given += one.abstained ? 0 : count;
    right_given += one.abstained ? 0 : right;
  }
  figures.given = given / static_cast<double>(descriptions.size());
  figures.words = truths.size();
  if (truths.empty()) return;
  figures.supported = mean(truths);
  figures.ece = expected_calibration_error(confidences, shares);
  if (words_given > 0) figures.supported_given = right_given / words_given;
  if (probabilities.size() != truths.size()) return;  // a model that knows nothing of single words
  figures.ece_words = expected_calibration_error(probabilities, truths);
  figures.ece_words_chance = chance_calibration_error(probabilities).mean;
}

void evaluate_captions(const Engine& engine, const EvalOptions& options, EvalResult& result,
                       const Progress& progress) {
  std::vector<data::CaptionRow> all = data::read_caption_jsonl(options.data, options.files);
  cut(all, options.limit);
  std::vector<Tokens> captions;
  std::vector<std::vector<Tokens>> references;
  std::vector<Description> descriptions;
  DescribeOptions describe = options.describe;
  describe.min_confidence = -1;
  std::size_t done = 0;
  for (const data::CaptionRow& row : all) {
    tell(progress, ++done, all.size());
    try {
      const Descriptions found = engine.describe(engine.encode(row.image), describe);
      const Description given = found.list.empty() ? Description() : found.list.front();
      result.predictions.push_back(
          {row.image, "", row.captions, given.guess, given.confidence, 0, "", row.keys});
      captions.push_back(caption_tokens(given.guess));
      references.emplace_back();
      for (const std::string& caption : row.captions)
        references.back().push_back(caption_tokens(caption));
      descriptions.push_back(given);
    } catch (const Error& error) {
      result.unreadable.emplace_back(error.what());
    }
  }
  check_any_read(!captions.empty(), options.data, result.unreadable);
  measure_support(descriptions, result.predictions, result.caption);
  const auto bleu = corpus_bleu(captions, references);
  std::copy(bleu.begin(), bleu.end(), result.caption.bleu);
  const Cider cider = cider_d(captions, references);
  result.caption.cider = cider.mean;
  result.caption.cider_interval = bootstrap_mean(cider.per_picture);
}

}  // namespace

double row_score(const std::string& prediction, const data::QaRow& row) {
  if (row.answers.size() == 1)
    return answers_match(prediction, data::label_to_answer(row.answers.front().first)) ? 1 : 0;
  std::vector<AnswerCount> answers;
  for (const auto& [answer, count] : row.answers)
    answers.push_back({data::label_to_answer(answer), count});
  return consensus_accuracy(prediction, answers);
}

EvalResult evaluate(const Engine& engine, const EvalOptions& options, const Progress& progress) {
  EvalResult result;
  result.captions =
      data::detect_jsonl_kind(options.data, options.files) == data::JsonlKind::kCaptions;
  if (result.captions)
    evaluate_captions(engine, options, result, progress);
  else
    evaluate_questions(engine, options, result, progress);
  return result;
}

}  // namespace beholder::eval
