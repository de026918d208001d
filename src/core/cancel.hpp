// A flag that another thread sets to stop a call.
#pragma once

#include <atomic>

#include "core/check.hpp"

namespace beholder {

/// @param cancel may be null  @throws Error kCancelled when it is set
inline void check_cancelled(const std::atomic<bool>* cancel) {
  check(cancel == nullptr || !cancel->load(), ErrorCode::kCancelled, "stopped on request");
}

}  // namespace beholder
