#include "train/training_set.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/check.hpp"
#include "data/daquar_text.hpp"
#include "data/readers.hpp"
#include "train/feature_cache.hpp"

namespace beholder::train {
namespace {

Question to_question(const data::QaRow& row) {
  Question question{data::clean_question(row.question), {}};
  for (const auto& [answer, count] : row.answers)
    question.answers.emplace_back(data::answer_to_text(answer), count);
  return question;
}

}  // namespace

TrainingSet read_training_set(const DatasetConfig& config) {
  TrainingSet set;
  set.config = config;
  std::unordered_map<std::string, std::size_t> index;
  const auto picture = [&](const std::filesystem::path& image) -> PictureExamples& {
    // One picture may be named in several ways by several files.
    const std::string key = std::filesystem::weakly_canonical(image).string();
    const auto [found, added] = index.emplace(key, set.pictures.size());
    if (added) set.pictures.push_back({image, {}, {}});
    return set.pictures[found->second];
  };
  for (const auto& path : config.captions)
    for (const data::CaptionRow& row : data::read_caption_jsonl(path)) {
      auto& captions = picture(row.image).captions;
      captions.insert(captions.end(), row.captions.begin(), row.captions.end());
    }
  for (const auto& path : config.questions)
    for (const data::QaRow& row : data::read_qa_jsonl(path))
      picture(row.image).questions.push_back(to_question(row));
  for (const auto& path : config.texts)
    for (const data::QaRow& row : data::read_vqa_text(path)) set.texts.push_back(to_question(row));

  check(config.held_out <= static_cast<std::int64_t>(set.pictures.size()), ErrorCode::kDataFormat,
        "dataset '", config.name, "': ", config.held_out, " pictures to hold out of ",
        set.pictures.size());
  // Held out by the hash of the file name, so that the same pictures stay out whatever the order.
  std::vector<std::size_t> order(set.pictures.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return fingerprint(set.pictures[a].image.filename().string()) <
           fingerprint(set.pictures[b].image.filename().string());
  });
  std::vector<PictureExamples> kept;
  std::vector<bool> out(order.size(), false);
  for (std::int64_t i = 0; i < config.held_out; ++i) out[order[i]] = true;
  for (std::size_t i = 0; i < order.size(); ++i)
    (out[i] ? set.held_out : kept).push_back(std::move(set.pictures[i]));
  set.pictures = std::move(kept);
  std::unordered_map<std::string, std::size_t> trained;
  for (std::size_t i = 0; i < set.pictures.size(); ++i)
    trained.emplace(std::filesystem::weakly_canonical(set.pictures[i].image).string(), i);
  for (const auto& path : config.more_questions)
    for (const data::QaRow& row : data::read_qa_jsonl(path)) {
      const auto found = trained.find(std::filesystem::weakly_canonical(row.image).string());
      if (found != trained.end()) set.pictures[found->second].questions.push_back(to_question(row));
    }
  return set;
}

std::vector<std::pair<std::string, std::int64_t>> texts_to_write(
    const std::vector<TrainingSet>& sets) {
  std::vector<std::pair<std::string, std::int64_t>> out;
  for (const TrainingSet& set : sets) {
    for (const PictureExamples& picture : set.pictures) {
      for (const std::string& caption : picture.captions) out.emplace_back(caption, 1);
      for (const Question& question : picture.questions)
        for (const auto& [answer, count] : question.answers) out.emplace_back(answer, 1);
    }
    for (const Question& question : set.texts)
      for (const auto& [answer, count] : question.answers)
        if (count >= 3) out.emplace_back(answer, 1);
  }
  return out;
}

}  // namespace beholder::train
