// Where a token stands, as a learned vector that is added to its own.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "nn/parameters.hpp"

namespace beholder::nn {

/// One vector a position of a sequence, as in BERT.
class LearnedPositions {
 public:
  /// @param count of positions  @param size of a vector, D
  LearnedPositions(ParameterSource& source, const std::string& name, std::int64_t count,
                   std::int64_t size);
  /// Of `length` positions from `first` on, (length, D). @throws Error kShape behind the last one
  at::Tensor forward(std::int64_t first, std::int64_t length) const;

 private:
  std::string name_;
  at::Tensor table_;  // (count, D)
};

/// One vector a row and one a column of a square grid; their sum is the position.
class GridPositions {
 public:
  /// @param name of the module whose `row_embeddings` and `column_embeddings` they are
  /// @param side rows and columns that were learned
  GridPositions(ParameterSource& source, const std::string& name, std::int64_t side,
                std::int64_t size);
  /// Of a grid of any size, row by row, (rows * columns, D): between the learned places by linear
  /// interpolation, edges on edges.
  at::Tensor forward(std::int64_t rows, std::int64_t columns) const;

 private:
  at::Tensor rows_, columns_;  // (side, D) each
};

}  // namespace beholder::nn
