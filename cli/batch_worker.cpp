#include "batch_worker.hpp"

#include <utility>

#include "core/check.hpp"
#include "interrupt.hpp"
#include "json/results.hpp"
#include "picture_input.hpp"

namespace beholder::cli {
namespace {

/// The best description with its text as "caption", as COCO calls it; all where there are several.
Json caption_json(const Descriptions& descriptions) {
  const Description best = descriptions.list.empty() ? Description() : descriptions.list.front();
  Json out = {{"caption", best.text}};
  out.update(Json(best));
  out.erase("text");
  if (descriptions.list.size() > 1) out["descriptions"] = descriptions.list;
  out["timing_ms"] = descriptions.timing;
  return out;
}

template <typename Result>
std::vector<std::vector<Json>> one_each(const std::vector<Picture>& pictures,
                                        const std::vector<Result>& found) {
  std::vector<std::vector<Json>> out;
  for (std::size_t i = 0; i < found.size(); ++i) out.push_back({sized(pictures[i], found[i])});
  return out;
}

}  // namespace

EngineWorker::EngineWorker(const Engine& engine, BatchTask task)
    : engine_(engine), task_(std::move(task)) {
  task_.describe.cancel = task_.answer.cancel = task_.objects.cancel = task_.read.cancel =
      interrupt_flag();
  if (!engine.can(task_.skill)) run({});  // throws, saying what the model lacks
}

std::shared_ptr<const void> EngineWorker::prepare(const std::vector<std::uint8_t>& bytes,
                                                  const std::string& name) {
  return std::make_shared<const PreparedPicture>(
      engine_.prepare(bytes.data(), bytes.size(), printable(name)));
}

/// One picture at a time, which is as fast and lets a large batch be interrupted.
std::vector<Picture> EngineWorker::encode(const std::vector<Task>& tasks) const {
  std::vector<Picture> out;
  for (const Task& task : tasks) {
    check(!interrupted(), ErrorCode::kCancelled, "stopped on request");
    out.push_back(
        engine_.encode(std::vector{*static_cast<const PreparedPicture*>(task.prepared)}).front());
  }
  return out;
}

std::vector<std::vector<Json>> EngineWorker::run(const std::vector<Task>& tasks) {
  const std::vector<Picture> pictures = encode(tasks);
  switch (task_.skill) {
    case Skill::kDescribe: {
      std::vector<std::vector<Json>> out;
      for (const Descriptions& found : engine_.describe(pictures, task_.describe))
        out.push_back({caption_json(found)});
      return out;
    }
    case Skill::kObjects: return one_each(pictures, engine_.objects(pictures, task_.objects));
    case Skill::kRelations: return one_each(pictures, engine_.relations(pictures, task_.objects));
    case Skill::kRead: return one_each(pictures, engine_.read(pictures, task_.read));
    default: break;
  }
  std::vector<Picture> shown;
  std::vector<std::string> asked;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (const std::string& question : tasks[i].questions) {
      shown.push_back(pictures[i]);
      asked.push_back(question);
    }
  const std::vector<Answer> answers = engine_.answer(shown, asked, task_.answer);
  std::vector<std::vector<Json>> out(tasks.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (std::size_t q = 0; q < tasks[i].questions.size(); ++q)
      out[i].emplace_back(answers[next++]);
  return out;
}

}  // namespace beholder::cli
