// How far a batch is, for people who watch.
#pragma once

#include <chrono>
#include <cstdio>

#include "batch/runner.hpp"

namespace beholder::batch {

/// A bar that is redrawn on a terminal; elsewhere a plain line every ten seconds.
class Progress {
 public:
  Progress(std::FILE* out, bool terminal) : out_(out), terminal_(terminal) {}
  void show(const RunStatus& status);
  void end();  ///< leaves the bar's line

 private:
  std::FILE* out_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point shown_{};
};

/// "120 of 500 rows, 17.9 a second, 21 s left, 2 failed, 850 J"
std::string progress_text(const RunStatus& status);

}  // namespace beholder::batch
