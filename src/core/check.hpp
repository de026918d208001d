// Messages built from parts, and checks that throw a typed error.
#pragma once

#include <sstream>
#include <string>

#include "beholder/error.hpp"

namespace beholder {

/// The parts written one after the other into one string.
template <typename... Parts>
std::string concat(const Parts&... parts) {
  std::ostringstream out;
  (out << ... << parts);
  return out.str();
}

/// Throws `Error(code, parts…)`.
template <typename... Parts>
[[noreturn]] void fail(ErrorCode code, const Parts&... parts) {
  throw Error(code, concat(parts...));
}

/// Throws `Error(code, parts…)` unless `condition` holds.
template <typename... Parts>
void check(bool condition, ErrorCode code, const Parts&... parts) {
  if (!condition) fail(code, parts...);
}

}  // namespace beholder
