#include "nn/tensor_pool.hpp"

#include <c10/core/Allocator.h>
#include <c10/core/CPUAllocator.h>
#include <sys/mman.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>
#include <vector>

namespace beholder::nn {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kSmallest = std::size_t{1} << 14;  // below, malloc is as good
constexpr std::size_t kMostIdle = std::size_t{384} << 20;

/// Stands before each block, on a cache line of its own.
struct Header {
  std::size_t bytes;  // of the whole block, the header's line included
};

/// The next size up of four steps between powers of two, so that at most a fifth is wasted.
std::size_t size_class(std::size_t bytes) {
  std::size_t power = kSmallest;
  while (power < bytes) power *= 2;
  for (const std::size_t quarters : {5, 6, 7})
    if (power / 8 * quarters >= bytes) return power / 8 * quarters;
  return power;
}

class Pool final : public c10::Allocator {
 public:
  // libtorch 1.13 asks a constant allocator; 2.x one that is not, and wants copies made too. Hence
  // no `override` here: each version finds its own.
  c10::DataPtr allocate(std::size_t bytes) {
    return static_cast<const Pool*>(this)->allocate(bytes);
  }
  void copy_data(void* to, const void* from, std::size_t bytes) const {
    std::memcpy(to, from, bytes);
  }
  c10::DataPtr allocate(std::size_t bytes) const {
    if (bytes == 0) return {nullptr, nullptr, &give_back, c10::Device(c10::DeviceType::CPU)};
    const std::size_t whole =
        bytes + kAlignment < kSmallest ? bytes + kAlignment : size_class(bytes + kAlignment);
    void* block =
        whole < kSmallest
            ? ::aligned_alloc(kAlignment, (whole + kAlignment - 1) / kAlignment * kAlignment)
            : take(whole);
    if (block == nullptr) throw std::bad_alloc();
    static_cast<Header*>(block)->bytes = whole;
    void* const data = static_cast<char*>(block) + kAlignment;
    return {data, data, &give_back, c10::Device(c10::DeviceType::CPU)};
  }
  c10::DeleterFnPtr raw_deleter() const override { return &give_back; }

  std::size_t idle() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return idle_;
  }

 private:
  static void give_back(void* data);

  void* take(std::size_t whole) const {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      const auto found = free_.find(whole);
      if (found != free_.end() && !found->second.empty()) {
        void* const block = found->second.back();
        found->second.pop_back();
        idle_ -= whole;
        return block;
      }
    }
    // Straight from the system, so that no heap breaks into pieces.
    void* const block =
        ::mmap(nullptr, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return block == MAP_FAILED ? nullptr : block;
  }

  void keep(void* block, std::size_t whole) const {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (idle_ + whole <= kMostIdle) {
        free_[whole].push_back(block);
        idle_ += whole;
        return;
      }
    }
    ::munmap(block, whole);
  }

  mutable std::mutex mutex_;
  mutable std::unordered_map<std::size_t, std::vector<void*>> free_;
  mutable std::size_t idle_ = 0;
};

/// Never destroyed: tensors of static storage give their blocks back at the very end.
Pool& pool() {
  static Pool* const one = new Pool;
  return *one;
}

void Pool::give_back(void* data) {
  if (data == nullptr) return;
  void* const block = static_cast<char*>(data) - kAlignment;
  const std::size_t whole = static_cast<Header*>(block)->bytes;
  if (whole < kSmallest)
    ::free(block);
  else
    pool().keep(block, whole);
}

}  // namespace

void install_tensor_pool() {
  static std::once_flag once;
  std::call_once(once, [] { c10::SetCPUAllocator(&pool(), 1); });
}

std::size_t tensor_pool_idle_bytes() { return pool().idle(); }

}  // namespace beholder::nn
