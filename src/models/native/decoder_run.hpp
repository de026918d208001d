// The fusion decoder writing several sequences at once, each over the views of its own picture.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "generation/beam_search.hpp"
#include "models/native/native_model.hpp"

namespace beholder::models::native {

/// What one sequence is written from.
struct DecoderItem {
  const std::vector<nn::KeyValue>* image = nullptr;  ///< one per layer, (W, H, N, d) for W views
  std::vector<nn::KeyValue> question;  ///< one per layer, (W, H, L, d); empty: nothing asked
};

/// Steps of all hypotheses of all items, of equal shapes, together. The probability of a token is
/// its mean over the views; the mirror image says "left" for right.
class DecoderRun {
 public:
  DecoderRun(const NativeModel& model, fusion::Task task, const std::vector<DecoderItem>& items);

  /// @param rows per item, the row of the last step that each live hypothesis extends; empty for an
  ///   item that has ended. All empty at the first call: one row per item.
  /// @param tokens for each item, the token that each has just been given
  /// @return (A, G, V) log-probabilities of the A items with rows, padded to G rows each, in the
  ///   order of `active()`
  at::Tensor step(const std::vector<const std::vector<std::int64_t>*>& rows,
                  const std::vector<const std::vector<std::int64_t>*>& tokens);

  /// The items that the last step was of.
  const std::vector<std::size_t>& active() const { return active_; }

  /// The same for a run of one item, as `generation` wants it.
  generation::StepFunction step_function();

 private:
  void keep(const std::vector<std::int64_t>& places);

  const NativeModel& model_;
  fusion::Task task_;
  std::int64_t views_;
  fusion::DecoderMemory memory_;  // (A W, …)
  nn::KeyValueCache cache_;
  std::vector<std::size_t> active_;  // items still written
  std::int64_t group_ = 1;           // rows of each view of each item
  std::int64_t most_ = 1;            // the largest group so far
};

/// Beam search of every item, of any shapes; those of equal shapes in lockstep.
/// @param cancel checked before each step, may be null. @throws Error kCancelled
/// @param watch called after each step; only of use with one item; may be empty
std::vector<std::vector<generation::Hypothesis>> search_all(
    const NativeModel& model, fusion::Task task, const std::vector<DecoderItem>& items,
    const generation::GenerationOptions& options, const std::atomic<bool>* cancel,
    const std::function<void(const generation::BeamSearch& first)>& watch = {});

}  // namespace beholder::models::native
