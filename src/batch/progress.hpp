// The progress line of a batch.
#pragma once

#include <string>

#include "batch/runner.hpp"

namespace beholder::batch {

/// "120 of 500 rows, 17.9 a second, 21 s left, 2 failed, 850 J"
std::string progress_text(const RunStatus& status);

}  // namespace beholder::batch
