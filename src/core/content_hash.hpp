// What a file's content is known by: 128 bits of XXH3, which two different pictures do not share by
// chance. It is no proof against somebody who makes two files alike on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace beholder {

struct ContentHash {
  std::uint64_t high = 0, low = 0;

  bool operator==(const ContentHash& other) const { return high == other.high && low == other.low; }
  /// 32 lower-case hexadecimal digits.
  std::string hex() const;
};

/// @param seed another value gives another hash: for what else the content is to be known with
ContentHash content_hash(const void* data, std::size_t size, std::uint64_t seed = 0);

/// `content_hash` of a file of any size. @throws Error kFileNotFound, kFileAccess
ContentHash file_content_hash(const std::filesystem::path& path);

}  // namespace beholder

template <>
struct std::hash<beholder::ContentHash> {
  std::size_t operator()(const beholder::ContentHash& hash) const noexcept {
    return static_cast<std::size_t>(hash.low);
  }
};
