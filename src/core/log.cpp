#include "core/log.hpp"

#include <mutex>
#include <utility>

namespace beholder {
namespace {

std::mutex& log_mutex() {
  static std::mutex mutex;
  return mutex;
}

LogCallback& log_callback() {
  static LogCallback callback;
  return callback;
}

}  // namespace

void set_log_callback(LogCallback callback) {
  const std::lock_guard<std::mutex> lock(log_mutex());
  log_callback() = std::move(callback);
}

void log_message(LogLevel level, const std::string& message) noexcept {
  try {
    const std::lock_guard<std::mutex> lock(log_mutex());
    if (log_callback()) log_callback()(level, message);
  } catch (...) {
    // A message that cannot be delivered must not stop the work that it is about.
  }
}

}  // namespace beholder
