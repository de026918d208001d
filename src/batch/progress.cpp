#include "batch/progress.hpp"

#include <cmath>
#include <cstdio>
#include <string>

namespace beholder::batch {
namespace {

std::string left(double seconds) {
  const auto whole = static_cast<long>(std::ceil(seconds));
  char text[64];
  if (whole < 60)
    std::snprintf(text, sizeof text, "%ld s left", whole);
  else if (whole < 3600)
    std::snprintf(text, sizeof text, "%ld:%02ld min left", whole / 60, whole % 60);
  else
    std::snprintf(text, sizeof text, "%ld:%02ld h left", whole / 3600, whole / 60 % 60);
  return text;
}

}  // namespace

std::string progress_text(const RunStatus& status) {
  // Rows of earlier runs took no time and do not count for the rate.
  const auto fresh = static_cast<double>(status.done - status.skipped);
  const double rate = status.seconds > 0 ? fresh / status.seconds : 0;
  char text[160];
  std::snprintf(text, sizeof text, "%zu of %zu rows", status.done, status.total);
  std::string out = text;
  if (rate > 0) {
    std::snprintf(text, sizeof text, ", %.1f a second, ", rate);
    out += text + left(static_cast<double>(status.total - status.done) / rate);
  }
  std::snprintf(text, sizeof text, ", %zu failed, %.0f J", status.failed, status.joules);
  return out + text;
}

}  // namespace beholder::batch
