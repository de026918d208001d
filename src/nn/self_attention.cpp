#include "nn/self_attention.hpp"

#include <cmath>

#include "nn/attention_mask.hpp"
#include "nn/kernels/token_attention.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {
namespace {

/// One new token a row, over the cache as it lies.
at::Tensor attend_in_place(const at::Tensor& query, std::int64_t heads, const KeyValueCache& cache,
                           std::size_t layer) {
  const at::Tensor q = query.contiguous();
  const std::int64_t size = q.size(2) / heads;
  at::Tensor out = at::empty(q.sizes());
  kernels::token_attention(q.data_ptr<float>(), q.size(0), heads, size, cache.written(layer),
                           1.0f / std::sqrt(static_cast<float>(size)), out.data_ptr<float>());
  return out;
}

std::vector<Linear> projections_of(ParameterSource& source, const AttentionNames& names,
                                   std::int64_t hidden) {
  if (names.key.empty()) return {Linear(source, names.query, hidden, 3 * hidden)};
  std::vector<Linear> out;
  for (const std::string& name : {names.query, names.key, names.value})
    out.emplace_back(source, name, hidden, hidden);
  return out;
}

}  // namespace

SelfAttention::SelfAttention(ParameterSource& source, const AttentionNames& names,
                             std::int64_t hidden_size, std::int64_t num_attention_heads)
    : hidden_(hidden_size),
      heads_(num_attention_heads),
      projections_(projections_of(source, names, hidden_size)),
      output_(source, names.output, hidden_size, hidden_size) {
  check_heads(names.query, hidden_size, num_attention_heads);
}

SelfAttention::Projected SelfAttention::project(const at::Tensor& x) const {
  check_shape(x, {kAny, kAny, hidden_}, "SelfAttention");
  if (projections_.size() == 3) {
    // In this order, in which training adds up the gradients of x: its results stay what they were.
    const at::Tensor key = projections_[1].forward(x), value = projections_[2].forward(x);
    return {projections_[0].forward(x), key, value};
  }
  const std::vector<at::Tensor> parts = projections_[0].forward(x).chunk(3, -1);
  return {parts[0], parts[1], parts[2]};
}

at::Tensor SelfAttention::attend(const at::Tensor& query, const at::Tensor& key,
                                 const at::Tensor& value, const at::Tensor& mask) const {
  return multi_head_attention(split_heads(query, heads_), split_heads(key, heads_),
                              split_heads(value, heads_), mask);
}

at::Tensor SelfAttention::forward(const at::Tensor& x, const at::Tensor& mask,
                                  const at::Tensor& residual) const {
  const auto [query, key, value] = project(x);
  const at::Tensor attended = output_.packed() && !mask.defined()
                                  ? fused_attention(query, key, value, heads_, false)
                                  : attend(query, key, value, mask);
  return output_.forward(attended, Activation::kNone, residual);
}

at::Tensor SelfAttention::forward(const at::Tensor& x, KeyValueCache& cache, std::size_t layer,
                                  const at::Tensor& residual) const {
  const auto [query, key, value] = project(x);
  cache.extend(layer, key, value);
  at::Tensor attended;
  if (output_.packed() && x.size(1) == 1) {
    attended = attend_in_place(query, heads_, cache, layer);
  } else {
    const auto [keys, values] = cache.gathered(layer);
    attended = output_.packed()
                   ? fused_attention(query, keys, values, heads_, true)
                   : attend(query, keys, values, causal_mask(x.size(1), keys.size(1), x));
  }
  return output_.forward(attended, Activation::kNone, residual);
}

at::Tensor SelfAttention::weights(const at::Tensor& x, const at::Tensor& mask) const {
  const Projected parts = project(x);
  return attention_weights(split_heads(parts[0], heads_), split_heads(parts[1], heads_), mask)
      .mean(1);  // (B, H, N, N) -> (B, N, N)
}

}  // namespace beholder::nn
