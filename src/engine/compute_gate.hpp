// How many calls compute at once, and on how many threads each.
#pragma once

#include <c10/core/InferenceMode.h>

#include <condition_variable>
#include <mutex>

namespace beholder::engine {

/// Lets as many calls compute at once as their threads fill the machine's cores; the others sleep.
/// More would only push each other off the cores: two OpenMP teams that spin on the same cores are
/// many times slower than one after the other.
class ComputeGate {
 public:
  /// @param threads of each call, 1 or more
  explicit ComputeGate(int threads);

  /// One call's place. While it lives, the calling thread's parallel loops have the gate's threads
  /// and its tensors no gradients.
  class Place {
   public:
    explicit Place(ComputeGate& gate);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    ComputeGate& gate_;
    int threads_before_;
    c10::InferenceMode inference_;
  };

  int threads() const { return threads_; }

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  int threads_, free_;
};

}  // namespace beholder::engine
