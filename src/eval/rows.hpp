// What every evaluation does with its rows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/check.hpp"

namespace beholder::eval {

/// Rows done, of all; may be empty, and may return false to stop.
using Progress = std::function<bool(std::size_t, std::size_t)>;

/// @throws Error kCancelled when it says to stop
inline void tell(const Progress& progress, std::size_t done, std::size_t all) {
  if (progress && !progress(done, all))
    fail(ErrorCode::kCancelled, "stopped after ", done, " rows");
}

/// @param limit rows at most; 0: all
template <typename Row>
void cut(std::vector<Row>& rows, std::int64_t limit) {
  if (limit > 0 && rows.size() > static_cast<std::size_t>(limit))
    rows.resize(static_cast<std::size_t>(limit));
}

/// @throws Error kDataFormat unless any picture was read
inline void check_any_read(bool any, const std::filesystem::path& file,
                           const std::vector<std::string>& unreadable) {
  check(any, ErrorCode::kDataFormat, file.string(),
        ": none of the pictures could be read; the first: ",
        unreadable.empty() ? "" : unreadable.front());
}

}  // namespace beholder::eval
