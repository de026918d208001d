// What the oneDNN kernels share: engine, stream, scratch memory, a bounded primitive cache, errors.
// Private to src/nn/kernels: no other folder includes oneDNN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>
#include <unordered_map>
#include <utility>

#include "core/check.hpp"
#include "nn/kernels/activation.hpp"

namespace beholder::nn::kernels {

/// The one CPU engine of the process.
const dnnl::engine& cpu_engine();

/// The calling thread's stream.
dnnl::stream& thread_stream();

/// The threads that a parallel region started here would get (`omp_get_max_threads`).
int max_threads();

/// At least `bytes` bytes, 64-byte aligned, that belong to the calling thread. `slot` keeps buffers
/// that are in use at the same time apart; each grows and is kept for the next call.
/// Throws kOutOfMemory.
enum class Scratch { kOneDnn, kQuantised, kAccumulators, kAttention, kCount };
void* thread_scratch(Scratch slot, std::size_t bytes);

/// The post-ops for an activation, times `scale` plus `shift`, followed by the addition of a
/// residual that the caller has put into the destination.
dnnl::post_ops make_post_ops(Activation activation, bool residual, float scale = 1,
                             float shift = 0);

/// Attributes with these post-ops and with scratch memory given by the caller, which is what makes
/// one primitive usable from many threads at once.
dnnl::primitive_attr make_attributes(const dnnl::post_ops& post_ops);

/// A memory object over a caller's array; oneDNN's interface takes no pointers to const.
inline dnnl::memory view(const dnnl::memory::desc& desc, const void* data) {
  return dnnl::memory(desc, cpu_engine(), const_cast<void*>(data));
}

/// Runs `body` and turns oneDNN's exceptions into `Error` (kOutOfMemory or kInternal); `what` names
/// the operation in the message.
template <typename Body>
auto guarded(const char* what, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const dnnl::error& error) {
    const bool memory = error.status == dnnl_out_of_memory;
    fail(memory ? ErrorCode::kOutOfMemory : ErrorCode::kInternal, what, ": oneDNN reports status ",
         static_cast<int>(error.status), " (", error.what(), ")");
  }
}

/// A primitive with what is needed to run it.
struct CachedPrimitive {
  dnnl::primitive primitive;
  dnnl::memory::desc source, destination, scratchpad;
  dnnl::memory weights;  ///< shares the owner's packed weights
};

/// The most recently used primitives of one layer, by key. Safe to use from many threads: an entry
/// that is dropped lives on until its last user is done.
template <typename Key, typename Hash>
class PrimitiveCache {
 public:
  explicit PrimitiveCache(std::size_t capacity) : capacity_(capacity) {}

  template <typename Make>
  std::shared_ptr<const CachedPrimitive> get(const Key& key, Make&& make) {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = index_.find(key);
    if (found != index_.end()) {
      order_.splice(order_.begin(), order_, found->second);
      return found->second->second;
    }
    auto made = std::make_shared<const CachedPrimitive>(make());
    order_.emplace_front(key, made);
    index_[key] = order_.begin();
    if (order_.size() > capacity_) {
      index_.erase(order_.back().first);
      order_.pop_back();
    }
    return made;
  }

  std::size_t size() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return order_.size();
  }

 private:
  using Order = std::list<std::pair<Key, std::shared_ptr<const CachedPrimitive>>>;
  std::size_t capacity_;
  mutable std::mutex mutex_;
  Order order_;
  std::unordered_map<Key, typename Order::iterator, Hash> index_;
};

/// Weights in the layout of their kernel, with the memory that holds them.
struct PackedWeights {
  std::shared_ptr<void> bytes;
  dnnl::memory memory;
};

/// `data` copied into new memory laid out as `to`: in huge pages where Linux has them to give,
/// which spares the start a quarter million page faults a gigabyte and the products their address
/// lookups.
PackedWeights reorder(const dnnl::memory& data, const dnnl::memory::desc& to);

}  // namespace beholder::nn::kernels
