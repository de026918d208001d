// How far a batch is, shown on a terminal or in a log.
#pragma once

#include <chrono>
#include <cstdio>

#include "batch/runner.hpp"

namespace beholder::cli {

/// A bar that is redrawn on a terminal; elsewhere a plain line every ten seconds.
class ProgressBar {
 public:
  ProgressBar(std::FILE* out, bool terminal) : out_(out), terminal_(terminal) {}
  void show(const batch::RunStatus& status);
  void end();  ///< leaves the bar's line

 private:
  std::FILE* out_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point shown_{};
};

}  // namespace beholder::cli
