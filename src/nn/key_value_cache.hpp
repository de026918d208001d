// Keys and values of the tokens that a decoder has written so far.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

#include "nn/attention.hpp"

namespace beholder::nn {

/// A layer each; empty before the first token.
class KeyValueCache {
 public:
  std::int64_t length() const { return length_; }  ///< tokens written, t

  /// Goes on from the rows `index` (S') in that order: how beams survive. They are moved with the
  /// next step, when their keys and values have to be copied anyway.
  void select(const at::Tensor& index) { kept_ = index; }

  /// What is kept of a layer, with the new token's behind it; layers in their order, each once a
  /// step. @param added (S', H, 1, d), at the first step of any length  @return (S', H, t + 1, d)
  KeyValue extend(std::size_t layer, const KeyValue& added);

  /// Ends a step of `tokens` tokens.
  void advance(std::int64_t tokens);

 private:
  std::vector<KeyValue> layers_;  // each (S, H, t, d)
  std::int64_t length_ = 0;
  at::Tensor kept_;  // (S') rows that the next step goes on from; undefined: all
};

}  // namespace beholder::nn
