#include "engine/compute_gate.hpp"

#include <ATen/Parallel.h>
#include <omp.h>

#include <algorithm>
#include <thread>

namespace beholder::engine {

ComputeGate::ComputeGate(int threads)
    : threads_(threads),
      free_(std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / threads)) {}

ComputeGate::Place::Place(ComputeGate& gate)
    // The first question makes ATen set up this thread, which would undo what is set below.
    : gate_(gate), threads_before_((at::get_num_threads(), omp_get_max_threads())) {
  std::unique_lock<std::mutex> lock(gate_.mutex_);
  gate_.freed_.wait(lock, [&] { return gate_.free_ > 0; });
  --gate_.free_;
  lock.unlock();
  omp_set_num_threads(gate_.threads_);
}

ComputeGate::Place::~Place() {
  omp_set_num_threads(threads_before_);
  {
    const std::lock_guard<std::mutex> lock(gate_.mutex_);
    ++gate_.free_;
  }
  gate_.freed_.notify_one();
}

}  // namespace beholder::engine
