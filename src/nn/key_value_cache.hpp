// Keys and values of the tokens that a decoder has written so far.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "nn/kernels/token_attention.hpp"

namespace beholder::nn {

/// They stay where they were written, in blocks of rows: when hypotheses go on from others, only
/// the places that the rows read from change (as in paged attention, Kwon et al. 2023). Empty
/// before the first token.
class KeyValueCache {
 public:
  std::int64_t length() const { return length_; }  ///< tokens of each row, t

  /// Goes on from the rows `rows` in that order: how beams survive.
  /// @throws Error kShape when there is no such row
  void select(const std::vector<std::int64_t>& rows);

  /// Adds the keys and values, (S, T, D) each, of each row's next T tokens; the layers in their
  /// order, each once a step.
  /// @throws Error kShape when S is not the number of rows to go on from, or layers differ
  void extend(std::size_t layer, const at::Tensor& key, const at::Tensor& value);

  /// Of a layer, as it lies. Valid until the cache changes.
  kernels::WrittenTokens written(std::size_t layer) const;

  /// A layer's keys and values brought together, (S, t, D) each.
  std::pair<at::Tensor, at::Tensor> gathered(std::size_t layer) const;

 private:
  class Blocks {
   public:
    void append(const at::Tensor& rows);                  // (n, D)
    at::Tensor gathered(const at::Tensor& places) const;  // (…) -> (…, D)
    const float* const* starts() const { return starts_.data(); }
    std::int64_t rows() const { return rows_; }

   private:
    std::vector<at::Tensor> blocks_;  // (kTokenBlock, D) each
    std::vector<const float*> starts_;
    std::int64_t rows_ = 0;
  };
  struct Layer {
    Blocks keys, values;
  };
  void extend_places(std::int64_t rows, std::int64_t tokens);

  std::vector<Layer> layers_;
  std::vector<std::int64_t> places_;  // (S, t)
  std::int64_t rows_ = 0, length_ = 0;
};

}  // namespace beholder::nn
