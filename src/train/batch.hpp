// One sub-batch: pictures, and the sequences to be written about them.
#pragma once

#include <ATen/ATen.h>

#include <optional>
#include <vector>

#include "fusion/fusion_decoder.hpp"
#include "text/output_vocabulary.hpp"
#include "train/feature_cache.hpp"
#include "train/training_set.hpp"

namespace beholder::train {

/// Sequences of one task; consecutive rows share a picture.
struct SequenceBatch {
  fusion::Task task = fusion::Task::kDescribe;
  std::vector<std::int64_t> questions;  ///< index into the question cache a row; empty: none
  at::Tensor input_ids;                 ///< (S, T - 1) tokens written so far
  at::Tensor targets;                   ///< (S, T) next tokens, -100 where nothing is learned
};

struct Batch {
  std::vector<std::int64_t> pictures;  ///< index into the picture cache; empty: no picture
  std::vector<std::int64_t> views;     ///< of each picture
  std::vector<SequenceBatch> sequences;
};

/// Draws sub-batches of a dataset. The draw `n` is a function of (seed, n) alone, so that a resumed
/// run sees what an unbroken one would have seen.
class BatchSampler {
 public:
  /// Pictures are numbered as in the set: those to train on, then the held-out ones. `questions`
  /// must know each question and its `text::mirror_words`.
  BatchSampler(const TrainingSet& set, const text::Tokenizer& tokenizer,
               const text::OutputVocabulary& vocabulary, const QuestionCache& questions,
               std::int64_t max_tokens, std::uint64_t seed);

  /// The sub-batch of draw `n` from the training pictures. What is said of a mirrored view has left
  /// and right exchanged.
  Batch draw(std::int64_t n) const;

  /// Held-out pictures [begin, end) with all that is said about each, view 0.
  Batch held_out(std::int64_t begin, std::int64_t end) const;

  std::int64_t held_out_size() const { return static_cast<std::int64_t>(held_out_.size()); }

 private:
  struct Item {
    std::int64_t question;                                           // in the cache
    std::vector<std::pair<std::vector<std::int64_t>, int>> targets;  // token ids and counts
  };
  /// What is said of a picture; [1] of its mirror image.
  struct Picture {
    std::vector<std::vector<std::int64_t>> captions[2];
    std::vector<Item> questions[2];
  };
  Picture prepare(const PictureExamples& examples, const text::Tokenizer& tokenizer,
                  const text::OutputVocabulary& vocabulary, const QuestionCache& questions) const;
  Item prepare(const Question& question, const text::Tokenizer& tokenizer,
               const text::OutputVocabulary& vocabulary, const QuestionCache& questions) const;
  SequenceBatch collate(fusion::Task task, const std::vector<std::vector<std::int64_t>>& rows,
                        std::vector<std::int64_t> questions) const;

  DatasetConfig config_;
  std::vector<Picture> pictures_, held_out_;
  std::vector<Item> texts_;
  std::int64_t max_tokens_, eos_, pad_, unk_;
  std::uint64_t seed_;
};

}  // namespace beholder::train
