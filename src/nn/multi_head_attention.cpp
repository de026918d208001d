#include "nn/multi_head_attention.hpp"

#include <cmath>

#include "core/check.hpp"
#include "nn/kernels/attention.hpp"

namespace beholder::nn {

void check_heads(const std::string& name, std::int64_t hidden_size, std::int64_t heads) {
  check(heads >= 1, ErrorCode::kModelFormat, name, ": there must be a head, got ", heads);
  check(hidden_size % heads == 0, ErrorCode::kModelFormat, name, ": hidden size ", hidden_size,
        " is not a multiple of ", heads, " heads");
}

at::Tensor split_heads(const at::Tensor& x, std::int64_t heads) {
  return x.reshape({x.size(0), x.size(1), heads, x.size(2) / heads})
      .transpose(1, 2)
      .contiguous();  // (B, N, H, d) -> (B, H, N, d)
}

at::Tensor attention_weights(const at::Tensor& query, const at::Tensor& key,
                             const at::Tensor& mask) {
  const double scale = 1.0 / std::sqrt(static_cast<double>(query.size(-1)));
  at::Tensor scores = at::matmul(query, key.transpose(-1, -2)).mul(scale);  // (B, H, T, N)
  if (mask.defined()) scores = scores + mask;
  return at::softmax(scores, -1);
}

at::Tensor multi_head_attention(const at::Tensor& query, const at::Tensor& key,
                                const at::Tensor& value, const at::Tensor& mask) {
  return at::matmul(attention_weights(query, key, mask), value)
      .transpose(1, 2)
      .reshape({query.size(0), query.size(2), -1});  // (B, H, T, d) -> (B, T, D)
}

at::Tensor fused_attention(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value,
                           std::int64_t heads, bool causal) {
  const std::int64_t batch = query.size(0), queries = query.size(1), hidden = query.size(2);
  // The kernel takes one stride for all three: that of a joint projection, or of tensors apart.
  const bool alike = query.strides() == key.strides() && key.strides() == value.strides();
  const auto plain = [&](const at::Tensor& x) { return alike ? x : x.contiguous(); };
  const at::Tensor q = plain(query), k = plain(key), v = plain(value);
  kernels::AttentionOptions options;
  options.causal = causal;
  options.token_stride = alike ? query.stride(1) : hidden;
  at::Tensor out = at::empty({batch, queries, hidden});
  kernels::attention(q.data_ptr<float>(), k.data_ptr<float>(), v.data_ptr<float>(), batch, heads,
                     queries, key.size(1), hidden / heads, out.data_ptr<float>(), options);
  return out;
}

}  // namespace beholder::nn
