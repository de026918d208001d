// One vector of many, and vectors of length 1.
#pragma once

#include <ATen/ATen.h>

#include <vector>

namespace beholder::nn {

/// Mean of a text's token vectors, (1, L, D) -> (D), as all-MiniLM's sentence embedding pools them.
at::Tensor mean_pool(const at::Tensor& embeds);

/// A vector (D) scaled to length 1. @throws Error kModelFormat for one that is not finite
std::vector<float> unit_vector(const at::Tensor& vector);

}  // namespace beholder::nn
