// What the library has to say beside its results. It never prints: it calls back.
#pragma once

#include <functional>
#include <string>

#include "beholder/export.hpp"

namespace beholder {

enum class LogLevel { kDebug = 0, kInfo = 1, kWarning = 2 };

/// Called from whichever thread has something to say, one call at a time. It must not throw and
/// must not call `set_log_callback`.
using LogCallback = std::function<void(LogLevel, const std::string& message)>;

/// Replaces the callback of the whole process; an empty one (the default) drops all messages.
BEHOLDER_API void set_log_callback(LogCallback callback);

}  // namespace beholder
