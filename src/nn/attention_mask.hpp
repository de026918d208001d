// What attention may not see, as numbers that are added to its scores: 0 or -inf.
#pragma once

#include <ATen/ATen.h>

namespace beholder::nn {

/// Hides padding. @param attention_mask (B, N), 1 for a token and 0 for padding, or undefined
/// @return (B, 1, 1, N), undefined for undefined
at::Tensor padding_mask(const at::Tensor& attention_mask);

/// Hides later tokens: the last query sees all keys, each one before it one key less.
/// @param like gives device and type  @return (queries, keys); undefined for one query
at::Tensor causal_mask(std::int64_t queries, std::int64_t keys, const at::Tensor& like);

}  // namespace beholder::nn
