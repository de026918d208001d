#include "train/batch.hpp"

#include <algorithm>
#include <random>

#include "core/permutation.hpp"
#include "text/mirror_words.hpp"

namespace beholder::train {
namespace {

/// `count` draws of n places; no place is drawn more than once more often than another.
std::vector<std::int64_t> spread(std::int64_t n, std::int64_t count, std::mt19937_64& random) {
  std::vector<std::int64_t> out;
  while (static_cast<std::int64_t>(out.size()) < count) {
    const auto order = permutation(n, random());
    const auto missing = static_cast<std::int64_t>(count - out.size());
    out.insert(out.end(), order.begin(), order.begin() + std::min(n, missing));
  }
  return out;
}

/// A random target, weighted by how many people gave it.
const std::vector<std::int64_t>& pick(
    const std::vector<std::pair<std::vector<std::int64_t>, int>>& targets,
    std::mt19937_64& random) {
  std::int64_t total = 0;
  for (const auto& target : targets) total += target.second;
  auto left = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(total));
  for (const auto& target : targets)
    if ((left -= target.second) < 0) return target.first;
  return targets.back().first;
}

/// A view of a picture; crops are rare, since captions of the whole need not hold for a part.
std::int64_t draw_view(const DatasetConfig& config, std::mt19937_64& random) {
  const double chance = uniform(random);
  const std::uint64_t any = random();
  const std::int64_t whole = std::min<std::int64_t>(config.views, 2);
  if (config.views > whole && chance < config.crop_share)
    return whole + static_cast<std::int64_t>(any % (config.views - whole));
  return static_cast<std::int64_t>(any % whole);
}

}  // namespace

BatchSampler::BatchSampler(const TrainingSet& set, const text::Tokenizer& tokenizer,
                           const text::OutputVocabulary& vocabulary, const QuestionCache& questions,
                           std::int64_t max_tokens, std::uint64_t seed)
    : config_(set.config),
      max_tokens_(max_tokens),
      eos_(vocabulary.eos_id()),
      pad_(vocabulary.pad_id()),
      unk_(vocabulary.unk_id()),
      seed_(seed) {
  for (const PictureExamples& examples : set.pictures)
    pictures_.push_back(prepare(examples, tokenizer, vocabulary, questions));
  for (const PictureExamples& examples : set.held_out)
    held_out_.push_back(prepare(examples, tokenizer, vocabulary, questions));
  for (const Question& question : set.texts)
    texts_.push_back(prepare(question, tokenizer, vocabulary, questions));
}

BatchSampler::Item BatchSampler::prepare(const Question& question, const text::Tokenizer& tokenizer,
                                         const text::OutputVocabulary& vocabulary,
                                         const QuestionCache& questions) const {
  Item item{questions.index(question.text), {}};
  for (const auto& [answer, count] : question.answers)
    item.targets.emplace_back(vocabulary.encode(tokenizer, answer), count);
  return item;
}

BatchSampler::Picture BatchSampler::prepare(const PictureExamples& examples,
                                            const text::Tokenizer& tokenizer,
                                            const text::OutputVocabulary& vocabulary,
                                            const QuestionCache& questions) const {
  Picture picture;
  for (const bool mirrored : {false, true}) {
    const auto said = [&](const std::string& words) {
      return mirrored ? text::mirror_words(words) : words;
    };
    for (const std::string& caption : examples.captions) {
      std::vector<std::int64_t> ids = vocabulary.encode(tokenizer, said(caption));
      // Captions end with a full stop or not at random; [EOS] already marks the end.
      while (!ids.empty() && vocabulary.token(ids.back()) == ".") ids.pop_back();
      picture.captions[mirrored].push_back(std::move(ids));
    }
    for (const Question& question : examples.questions) {
      Question words{said(question.text), {}};
      for (const auto& [answer, count] : question.answers)
        words.answers.emplace_back(said(answer), count);
      picture.questions[mirrored].push_back(prepare(words, tokenizer, vocabulary, questions));
    }
  }
  return picture;
}

SequenceBatch BatchSampler::collate(fusion::Task task,
                                    const std::vector<std::vector<std::int64_t>>& rows,
                                    std::vector<std::int64_t> questions) const {
  std::int64_t longest = 1;
  for (const auto& row : rows)
    longest = std::max(longest, std::min<std::int64_t>(max_tokens_, row.size() + 1));
  const auto count = static_cast<std::int64_t>(rows.size());
  SequenceBatch out{task, std::move(questions), at::full({count, longest - 1}, pad_, at::kLong),
                    at::full({count, longest}, -100, at::kLong)};
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t* input = out.input_ids.data_ptr<std::int64_t>() + i * (longest - 1);
    std::int64_t* target = out.targets.data_ptr<std::int64_t>() + i * longest;
    const auto length = static_cast<std::int64_t>(rows[i].size());
    // A row of nothing but [UNK] is padding for its picture.
    if (std::all_of(rows[i].begin(), rows[i].end(), [&](auto id) { return id == unk_; })) continue;
    for (std::int64_t t = 0; t < longest && t <= length; ++t) {
      // Tokens outside the vocabulary are input as [UNK] and never a target.
      const std::int64_t id = t < length ? rows[i][t] : eos_;
      target[t] = id == unk_ ? -100 : id;
      if (t < length && t < longest - 1) input[t] = id;
    }
  }
  return out;
}

Batch BatchSampler::draw(std::int64_t n) const {
  std::mt19937_64 random(seed_ * 1000003 + static_cast<std::uint64_t>(n));
  Batch batch;
  const bool without_pictures = pictures_.empty();
  const auto size = static_cast<std::int64_t>(without_pictures ? texts_.size() : pictures_.size());
  const std::int64_t count =
      std::min(size, without_pictures ? config_.questions_per_step : config_.pictures_per_step);
  const std::int64_t epoch = n * count / size;
  std::vector<std::int64_t> chosen;
  std::vector<std::int64_t> order = permutation(size, seed_ + 31 * epoch);
  for (std::int64_t i = n * count; i < (n + 1) * count; ++i) {
    if (i / size != epoch && i % size == 0) order = permutation(size, seed_ + 31 * (i / size));
    chosen.push_back(order[i % size]);
  }
  if (without_pictures) {
    std::vector<std::vector<std::int64_t>> rows;
    std::vector<std::int64_t> questions;
    for (const std::int64_t i : chosen) {
      rows.push_back(pick(texts_[i].targets, random));
      questions.push_back(texts_[i].question);
    }
    batch.sequences.push_back(collate(fusion::Task::kAnswer, rows, std::move(questions)));
    return batch;
  }
  std::vector<std::vector<std::int64_t>> captions, answers;
  std::vector<std::int64_t> questions;
  for (const std::int64_t i : chosen) {
    const std::int64_t view = draw_view(config_, random);
    const auto& said = pictures_[i].captions[mirrored_view(view)];
    const auto& asked = pictures_[i].questions[mirrored_view(view)];
    batch.pictures.push_back(i);
    batch.views.push_back(view);
    if (!said.empty())
      for (const std::int64_t c :
           spread(static_cast<std::int64_t>(said.size()), config_.captions_per_picture, random))
        captions.push_back(said[c]);
    if (config_.questions.empty()) continue;
    if (asked.empty()) {
      // Every picture has the same number of rows; those without questions are ignored by the loss.
      for (std::int64_t q = 0; q < config_.questions_per_picture; ++q) {
        answers.push_back({unk_});
        questions.push_back(0);
      }
      continue;
    }
    for (const std::int64_t q :
         spread(static_cast<std::int64_t>(asked.size()), config_.questions_per_picture, random)) {
      answers.push_back(pick(asked[q].targets, random));
      questions.push_back(asked[q].question);
    }
  }
  if (!captions.empty()) batch.sequences.push_back(collate(fusion::Task::kDescribe, captions, {}));
  if (!answers.empty())
    batch.sequences.push_back(collate(fusion::Task::kAnswer, answers, std::move(questions)));
  return batch;
}

Batch BatchSampler::held_out(std::int64_t begin, std::int64_t end) const {
  Batch batch;
  std::size_t most_captions = 0, most_questions = 0;
  for (std::int64_t i = begin; i < end; ++i) {
    most_captions = std::max(most_captions, held_out_[i].captions[0].size());
    most_questions = std::max(most_questions, held_out_[i].questions[0].size());
  }
  std::vector<std::vector<std::int64_t>> captions, answers;
  std::vector<std::int64_t> questions;
  for (std::int64_t i = begin; i < end; ++i) {
    const auto& said = held_out_[i].captions[0];
    const auto& asked = held_out_[i].questions[0];
    batch.pictures.push_back(static_cast<std::int64_t>(pictures_.size()) + i);
    batch.views.push_back(0);
    for (std::size_t c = 0; c < most_captions; ++c)
      captions.push_back(c < said.size() ? said[c] : std::vector<std::int64_t>{unk_});
    for (std::size_t q = 0; q < most_questions; ++q) {
      const bool there = q < asked.size();
      answers.push_back(there ? asked[q].targets.front().first
                              : std::vector<std::int64_t>(8, unk_));
      questions.push_back(there ? asked[q].question : 0);
    }
  }
  if (!captions.empty()) batch.sequences.push_back(collate(fusion::Task::kDescribe, captions, {}));
  if (!answers.empty())
    batch.sequences.push_back(collate(fusion::Task::kAnswer, answers, std::move(questions)));
  return batch;
}

}  // namespace beholder::train
