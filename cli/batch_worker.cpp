#include "batch_worker.hpp"

#include <utility>

#include "answer_output.hpp"
#include "core/check.hpp"
#include "description_json.hpp"
#include "interrupt.hpp"
#include "object_json.hpp"
#include "picture_input.hpp"

namespace beholder::cli {
namespace {

using batch::Json;

Json timing_json(const Timing& timing) {
  return {{"decode", timing.decode},
          {"vision", timing.vision},
          {"text", timing.text},
          {"fusion", timing.fusion}};
}

Json result_of(const Descriptions& descriptions) {
  const Description best = descriptions.list.empty() ? Description() : descriptions.list.front();
  Json out = {{"caption", best.text}};
  const Json all = description_json(best);
  for (const auto& [key, value] : all.items())
    if (key != "text") out[key] = value;
  if (descriptions.list.size() > 1)
    for (const Description& description : descriptions.list)
      out["descriptions"].push_back(description_json(description));
  out["timing_ms"] = timing_json(descriptions.timing);
  return out;
}

Json result_of(const Answer& answer) { return answer_json(answer); }

Json result_of(const Objects& objects) {
  Json out = {{"objects", Json::array()}};
  for (const Object& object : objects.list) out["objects"].push_back(object_json(object));
  out["timing_ms"] = timing_json(objects.timing);
  return out;
}

Json result_of(const Relations& relations) {
  Json out = {{"relations", Json::array()}};
  for (const Relation& relation : relations.list)
    out["relations"].push_back({{"subject", object_json(relation.subject)},
                                {"relation", relation.relation},
                                {"object", object_json(relation.object)},
                                {"confidence", relation.confidence}});
  out["timing_ms"] = timing_json(relations.timing);
  return out;
}

template <typename Result>
std::vector<std::vector<Json>> one_each(const std::vector<Result>& results) {
  std::vector<std::vector<Json>> out;
  for (const Result& result : results) out.push_back({result_of(result)});
  return out;
}

}  // namespace

EngineWorker::EngineWorker(const Engine& engine, BatchTask task)
    : engine_(engine), task_(std::move(task)) {
  task_.describe.cancel = task_.answer.cancel = task_.objects.cancel = interrupt_flag();
  if (!engine.can(task_.skill)) run({});  // throws, saying what the model lacks
}

std::shared_ptr<const void> EngineWorker::prepare(const std::vector<std::uint8_t>& bytes,
                                                  const std::string& name) {
  return std::make_shared<const PreparedPicture>(
      engine_.prepare(bytes.data(), bytes.size(), printable(name)));
}

/// One by one, which takes no longer, so that a large batch can be stopped in between.
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
    case Skill::kDescribe: return one_each(engine_.describe(pictures, task_.describe));
    case Skill::kObjects: return one_each(engine_.objects(pictures, task_.objects));
    case Skill::kRelations: return one_each(engine_.relations(pictures, task_.objects));
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
      out[i].push_back(result_of(answers[next++]));
  return out;
}

}  // namespace beholder::cli
