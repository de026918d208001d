// What attention may not see, as numbers that are added to its scores: 0 or -inf.
#pragma once

#include <ATen/ATen.h>

#include <limits>

namespace beholder::nn {

constexpr float kUnseen = -std::numeric_limits<float>::infinity();

/// Hides padding. @param attention_mask (B, N), 1 for a token and 0 for padding, or undefined
/// @return (B, 1, 1, N), undefined for undefined
inline at::Tensor padding_mask(const at::Tensor& attention_mask) {
  if (!attention_mask.defined()) return {};
  return at::zeros(attention_mask.sizes(), attention_mask.options().dtype(at::kFloat))
      .masked_fill(attention_mask.eq(0), kUnseen)
      .view({attention_mask.size(0), 1, 1, attention_mask.size(1)});
}

/// Hides later tokens: the last query sees all keys, each one before it one key less.
/// @param like gives device and type  @return (queries, keys); undefined for one query
inline at::Tensor causal_mask(std::int64_t queries, std::int64_t keys, const at::Tensor& like) {
  if (queries == 1) return {};
  return at::full({queries, keys}, kUnseen, like.options()).triu(keys - queries + 1);
}

}  // namespace beholder::nn
