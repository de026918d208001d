// The engine as the worker of a batch.
#pragma once

#include "batch/runner.hpp"
#include "beholder/engine.hpp"

namespace beholder::cli {

struct BatchTask {
  Skill skill = Skill::kDescribe;
  DescribeOptions describe;
  AnswerOptions answer;
  ObjectsOptions objects;
  ReadOptions read;
};

class EngineWorker final : public batch::Worker {
 public:
  /// Stops on `interrupted`. @throws Error kUnsupported when the model lacks the skill
  EngineWorker(const Engine& engine, BatchTask task);

  std::shared_ptr<const void> prepare(const std::vector<std::uint8_t>& bytes,
                                      const std::string& name) override;
  std::vector<std::vector<Json>> run(const std::vector<Task>& tasks) override;

 private:
  std::vector<Picture> encode(const std::vector<Task>& tasks) const;

  const Engine& engine_;
  BatchTask task_;
};

}  // namespace beholder::cli
