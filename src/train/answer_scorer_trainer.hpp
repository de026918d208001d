// Training of the answer scorer: a language prior, words that photos are told by, and how the
// evidence of a photo counts.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "train/fit.hpp"

namespace beholder::train {

struct AnswerScorerTrainConfig {
  std::filesystem::path base;                    ///< model directory whose networks see the photos
  std::vector<std::filesystem::path> texts;      ///< questions without pictures, for the prior
  std::vector<std::filesystem::path> leave_out;  ///< rows whose "question_id" the prior never sees
  std::vector<std::filesystem::path> captions;   ///< rows {"image", "captions"}: the photos' words
  std::vector<std::filesystem::path> questions;  ///< rows {"image", "question", "answers"} to weigh
                                                 ///< evidence on; no part of `base` or the prior
                                                 ///< may have seen them
  /// Rows {"image", …}, with the photos that the decoder of `base` has learned questions about: it
  /// goes on answering on such ground.
  std::vector<std::filesystem::path> decoder_photos;
  double min_answer_votes = 5;        ///< rarer answers are no candidates
  std::int64_t min_ngram_count = 3;   ///< rarer n-grams of questions are not told apart
  std::int64_t min_word_photos = 15;  ///< words of fewer photos are not learned
  std::int64_t width = 128;           ///< of an n-gram's vector
  double dropout = 0.3, ngram_dropout = 0.2;
  double l2 = 10;                ///< see `fit_evidence`
  double accuracy = 0.5;         ///< answers are given from where they are right this often
  double yes_no_accuracy = 0.7;  ///< yes and no, of which a coin gets half, from here on
  std::int64_t threads = 0;
  FitOptions prior, words;  ///< each in a folder of its own under `run`
  std::filesystem::path run;
};

/// A file with "kind": "answer_scorer". @throws Error kDataFormat naming the key
AnswerScorerTrainConfig load_answer_scorer_train_config(const std::filesystem::path& path);

/// Trains and writes `run`/model: answer_scorer.json and answer_scorer.safetensors, for `beholder
/// model join`. @throws Error as `fit` and the readers of src/data
void train_answer_scorer(const AnswerScorerTrainConfig& config, const TrainControl& control);

}  // namespace beholder::train
