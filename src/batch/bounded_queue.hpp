// A queue between threads that makes the faster side wait.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace beholder::batch {

template <typename Item>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t capacity) : capacity_(capacity) {}

  /// Waits for room. @return false when the queue was closed; the item is dropped then
  bool push(Item item) {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || items_.size() < capacity_; });
    if (closed_) return false;
    items_.push_back(std::move(item));
    changed_.notify_all();
    return true;
  }

  /// Waits until `count` items are there or no more will come. @return at most `count`; none when
  /// the queue is closed and empty
  std::vector<Item> pop(std::size_t count) {
    std::unique_lock<std::mutex> lock(mutex_);
    const std::size_t enough = std::min(count, capacity_);
    changed_.wait(lock, [&] { return closed_ || items_.size() >= enough; });
    std::vector<Item> out;
    while (!items_.empty() && out.size() < count) {
      out.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    changed_.notify_all();
    return out;
  }

  /// No more items are taken; those that are there can still be popped.
  void close() {
    const std::lock_guard<std::mutex> lock(mutex_);
    closed_ = true;
    changed_.notify_all();
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  bool closed_ = false;
};

}  // namespace beholder::batch
