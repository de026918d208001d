// One thread that produces while others consume.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace beholder::batch {

/// A queue between threads that makes the faster side wait.
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

/// Returns when all items are consumed, or after `consume` stopped or either failed.
/// @param produce pushes items on a thread of its own; `push` returns false once they are no longer
///   wanted
/// @param consume takes up to `batch_size` items at once, on `workers` threads; false ends all
/// @throws what `produce` threw, else what `consume` threw first
template <typename Item>
void run_pipeline(std::size_t workers, std::size_t batch_size,
                  const std::function<void(const std::function<bool(Item)>& push)>& produce,
                  const std::function<bool(std::vector<Item> batch)>& consume) {
  BoundedQueue<Item> queue(2 * batch_size);
  std::exception_ptr failed, broken;
  std::thread producer([&] {
    try {
      produce([&](Item item) { return queue.push(std::move(item)); });
    } catch (...) {
      failed = std::current_exception();
    }
    queue.close();
  });
  std::mutex mutex;
  const auto work = [&] {
    try {
      while (true) {
        std::vector<Item> batch = queue.pop(batch_size);
        if (batch.empty() || !consume(std::move(batch))) break;
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(mutex);
      if (!broken) broken = std::current_exception();
    }
    queue.close();  // whoever ends first ends all: there is no more, or there shall be none
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < workers; ++i) others.emplace_back(work);
  work();
  for (std::thread& other : others) other.join();
  producer.join();
  for (const std::exception_ptr& error : {failed, broken})
    if (error) std::rethrow_exception(error);
}

}  // namespace beholder::batch
