// One thread that produces while others consume.
#pragma once

#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "batch/bounded_queue.hpp"

namespace beholder::batch {

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
