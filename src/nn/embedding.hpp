// A table of vectors looked up by id.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <optional>
#include <string>

#include "nn/linear.hpp"

namespace beholder::nn {

/// `logits` is the product with the same rows (tied embeddings; Press & Wolf 2017).
class Embedding {
 public:
  /// @param tied_bias name of the bias of `logits`; empty when the table is only looked up
  Embedding(ParameterSource& source, const std::string& name, std::int64_t rows, std::int64_t width,
            const std::string& tied_bias = "");
  at::Tensor forward(const at::Tensor& ids) const;  // (…) int64 -> (…, width)
  /// (…, width) -> (…, rows). @throws Error kInternal without a tied bias, kShape
  at::Tensor logits(const at::Tensor& hidden) const;

 private:
  at::Tensor weight_;
  std::shared_ptr<const RowTable> table_;  // of packed parameters, in the weight's place
  std::optional<Linear> output_;
};

}  // namespace beholder::nn
