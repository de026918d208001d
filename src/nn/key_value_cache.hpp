// Keys and values of the tokens that a decoder has written so far.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <vector>

namespace beholder::nn {

/// A token's keys and values stay where they were written: when hypotheses go on from others, only
/// the numbers of the rows that they go on from change. Empty before the first token.
class KeyValueCache {
 public:
  std::int64_t length() const { return length_; }  ///< tokens written, t

  /// Goes on from the rows `rows` in that order: how beams survive.
  /// @throws Error kShape when there is no such row
  void select(const std::vector<std::int64_t>& rows);

  /// Adds the next token's keys and values, (S, D) each, of a layer; layers in their order, each
  /// once a step. @throws Error kShape when S is not the number of rows to go on from
  void extend(std::size_t layer, const at::Tensor& key, const at::Tensor& value);

  /// Ends a step.
  void advance() { ++length_; }

  /// Of a layer, the last one added included: a tensor (S', D) a token with the rows of its time.
  const std::vector<at::Tensor>& keys(std::size_t layer) const { return layers_.at(layer).keys; }
  const std::vector<at::Tensor>& values(std::size_t layer) const {
    return layers_.at(layer).values;
  }
  /// (S, t): the row of each token's tensor that a row goes on from.
  const std::vector<std::int64_t>& origins() const { return origins_; }

 private:
  struct Layer {
    std::vector<at::Tensor> keys, values;
  };
  std::vector<Layer> layers_;
  std::vector<std::int64_t> origins_;
  std::int64_t rows_ = 0, length_ = 0;
};

}  // namespace beholder::nn
