#include "engine/encoded_cache.hpp"

namespace beholder::engine {

EncodedCache::Entry EncodedCache::find(const ContentHash& key) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto found = index_.find(key);
  if (found == index_.end()) return nullptr;
  order_.splice(order_.begin(), order_, found->second);
  return found->second->entry;
}

void EncodedCache::insert(const ContentHash& key, Entry entry, std::uint64_t bytes) {
  if (bytes > capacity_) return;
  const std::lock_guard<std::mutex> lock(mutex_);
  if (index_.count(key) > 0) return;  // another thread was as quick
  order_.push_front({key, std::move(entry), bytes});
  index_[key] = order_.begin();
  bytes_ += bytes;
  while (bytes_ > capacity_) {
    bytes_ -= order_.back().bytes;
    index_.erase(order_.back().key);
    order_.pop_back();
  }
}

std::uint64_t EncodedCache::bytes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return bytes_;
}

}  // namespace beholder::engine
