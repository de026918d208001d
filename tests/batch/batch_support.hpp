// A worker without a model, and folders of files for it.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "batch/runner.hpp"
#include "core/check.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::batch {

namespace fs = std::filesystem;

using tests::error_of;
using tests::read_text;
using tests::write_text;

/// Says of a file what it holds. "bad" cannot be decoded, "poison" fails the batch that it is in.
class EchoWorker final : public Worker {
 public:
  std::shared_ptr<const void> prepare(const std::vector<std::uint8_t>& bytes,
                                      const std::string& name) override {
    const std::string text(bytes.begin(), bytes.end());
    check(text != "bad", ErrorCode::kPictureCorrupt, name, ": damaged");
    return std::make_shared<const std::string>(text);
  }

  std::vector<std::vector<Json>> run(const std::vector<Task>& tasks) override {
    std::vector<std::vector<Json>> out;
    for (const Task& task : tasks) {
      const std::string& text = *static_cast<const std::string*>(task.prepared);
      check(text != "poison", ErrorCode::kOutOfMemory, "too much");
      out.emplace_back();
      for (const std::string& question : task.questions) {
        out.back().push_back(
            {{"caption", prefix + question + "<" + text + ">"}, {"probability", 0.5}});
        ++inferred;
      }
    }
    if (pause.count() > 0) std::this_thread::sleep_for(pause);
    return out;
  }

  std::string prefix;  ///< of what it says
  std::atomic<int> inferred{0};
  std::chrono::microseconds pause{0};
};

}  // namespace beholder::batch
