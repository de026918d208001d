// Encoded pictures found again by what their files hold.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <utility>

#include "core/content_hash.hpp"
#include "models/model.hpp"

namespace beholder::engine {

/// The most recently used ones, at most `capacity` bytes of them. Safe to use from many threads.
class EncodedCache {
 public:
  using Entry = std::shared_ptr<const models::EncodedPicture>;

  explicit EncodedCache(std::uint64_t capacity) : capacity_(capacity) {}

  Entry find(const ContentHash& key);  ///< null if it is not kept
  void insert(const ContentHash& key, Entry entry, std::uint64_t bytes);
  std::uint64_t bytes() const;

 private:
  struct Kept {
    ContentHash key;
    Entry entry;
    std::uint64_t bytes;
  };
  const std::uint64_t capacity_;
  mutable std::mutex mutex_;
  std::list<Kept> order_;  // most recently used first
  std::unordered_map<ContentHash, std::list<Kept>::iterator> index_;
  std::uint64_t bytes_ = 0;
};

}  // namespace beholder::engine
