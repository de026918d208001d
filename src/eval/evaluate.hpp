// Runs an engine over a dataset file and measures it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "beholder/engine.hpp"
#include "data/dataset_row.hpp"
#include "data/public_files.hpp"
#include "eval/metric_bootstrap.hpp"
#include "eval/rows.hpp"

namespace beholder::eval {

struct EvalOptions {
  std::filesystem::path data;           ///< rows of questions or of captions (data/readers.hpp)
  data::PublicFiles files;              ///< what a public set's file leaves out
  bool answers_required = true;         ///< otherwise rows may be without: predictions alone
  std::filesystem::path question_only;  ///< model trained without pictures; empty: not measured
  bool baselines = true;                ///< blank picture and shuffled pictures too
  /// How to search. Their thresholds do not count: of what a model withholds, its guess is
  /// measured.
  AnswerOptions answer;
  DescribeOptions describe;
  std::int64_t limit = 0;  ///< rows at most; 0: all
};

/// One row as it came out.
struct Prediction {
  std::filesystem::path image;
  std::string question;               ///< empty for captions
  std::vector<std::string> expected;  ///< answers or captions
  std::string prediction;
  double confidence = 0;
  double correct = 0;  ///< 0..1; questions only
  std::string type;    ///< the row's own question type
  std::string keys;    ///< all else that the row says, ids above all: JSON; may be empty
};

struct QuestionFigures {
  bool scored = true;  ///< the rows have answers; otherwise nothing below is measured
  double accuracy = 0, wups_09 = 0, wups_00 = 0, ece = 0, ece_chance = 0, risk_at_50 = 0;
  bool wups = false;    ///< WordNet was found
  double coverage = 0;  ///< share answered at the model's own threshold
  std::optional<double> accuracy_answered;
  Interval accuracy_interval;  ///< by picture
  std::optional<double> question_only, blank_picture, shuffled_pictures;
  std::optional<Interval> over_question_only;  ///< paired difference, by picture
  std::vector<std::pair<std::string, std::pair<double, std::size_t>>> by_type;
  /// Of the rows that say a program, where the answer came from one.
  struct Traces {
    std::size_t rows = 0;        ///< that say a program
    std::size_t by_program = 0;  ///< answered by a program
    std::size_t same = 0;        ///< the very program of the row
    std::size_t faithful = 0;    ///< whose last step gives the answer that was given
  } traces;
};

struct CaptionFigures {
  double bleu[4] = {0, 0, 0, 0};
  double cider = 0;
  Interval cider_interval;
  double given = 0;  ///< share of the descriptions that the model's own threshold lets through
  /// WordNet was found: the following are measured (eval/metric_support.hpp)
  bool support = false;
  std::size_t words = 0;  ///< content words
  double supported = 0;   ///< share of them that captions support
  double ece = 0;         ///< of confidences, against the share of a description's words
  std::optional<double> ece_words, ece_words_chance;  ///< of single words, where the model has them
  std::optional<double> supported_given;              ///< share, among the words given
};

struct EvalResult {
  bool captions = false;
  std::vector<Prediction> predictions;
  std::vector<std::string> unreadable;  ///< what was wrong with each picture left out
  QuestionFigures questions;
  CaptionFigures caption;
};

/// How right an answer is, 0 to 1: exact match with the only answer that a row has, or agreement
/// with the people who answered it (`consensus_accuracy`).
double row_score(const std::string& prediction, const data::QaRow& row);

/// @param progress rows done, of all; may return false to stop (kCancelled)
/// @throws Error kDataFormat for bad rows, when some have an answer and others not, or when no
/// picture could be read
EvalResult evaluate(const Engine& engine, const EvalOptions& options, const Progress& progress);

}  // namespace beholder::eval
