// Messages on their way to the callback of beholder/log.hpp.
#pragma once

#include "beholder/log.hpp"
#include "core/check.hpp"

namespace beholder {

void log_message(LogLevel level, const std::string& message) noexcept;

/// The parts joined as `concat` does.
template <typename... Parts>
void log(LogLevel level, const Parts&... parts) {
  log_message(level, concat(parts...));
}

}  // namespace beholder
