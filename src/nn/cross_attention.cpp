#include "nn/cross_attention.hpp"

#include "core/check.hpp"
#include "nn/kernels/attention.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {

CrossAttention::CrossAttention(ParameterSource& source, const AttentionNames& names,
                               std::int64_t hidden_size, std::int64_t num_attention_heads,
                               std::int64_t key_size)
    : hidden_(hidden_size),
      heads_(num_attention_heads),
      query_(source, names.query, hidden_size, hidden_size),
      key_(source, names.key, key_size, hidden_size),
      value_(source, names.value, key_size, hidden_size),
      output_(source, names.output, hidden_size, hidden_size) {
  check_heads(names.query, hidden_size, num_attention_heads);
}

KeyValue CrossAttention::project(const at::Tensor& tokens) const {
  return {split_heads(key_.forward(tokens), heads_), split_heads(value_.forward(tokens), heads_)};
}

at::Tensor CrossAttention::long_rows(const at::Tensor& x, std::int64_t batch) const {
  check_shape(x, {kAny, kAny, hidden_}, "CrossAttention");
  const std::int64_t rows = x.size(0), length = x.size(1);
  check(batch > 0 && rows % batch == 0, ErrorCode::kShape, "CrossAttention: ", rows,
        " rows cannot share ", batch, " memories evenly");
  // The rows that share a memory become one long row: (B*G, T, D) -> (B, G*T, D).
  return split_heads(query_.forward(x).view({batch, rows / batch * length, hidden_}), heads_);
}

at::Tensor CrossAttention::attend(const at::Tensor& x, const KeyValue& memory,
                                  const at::Tensor& mask) const {
  const std::int64_t batch = memory.key.size(0);
  const at::Tensor query = long_rows(x, batch);
  if (!query_.packed() || mask.defined())
    return multi_head_attention(query, memory.key, memory.value, mask).view(x.sizes());
  const at::Tensor key = memory.key.contiguous(), value = memory.value.contiguous();
  at::Tensor out = at::empty(x.sizes());  // (B, GT, D) as (B*G, T, D)
  kernels::attention(query.data_ptr<float>(), key.data_ptr<float>(), value.data_ptr<float>(), batch,
                     heads_, query.size(2), key.size(2), hidden_ / heads_, out.data_ptr<float>());
  return out;
}

at::Tensor CrossAttention::forward(const at::Tensor& x, const KeyValue& memory,
                                   const at::Tensor& mask, const at::Tensor& residual) const {
  return output_.forward(attend(x, memory, mask), Activation::kNone, residual);
}

at::Tensor CrossAttention::weights(const at::Tensor& x, const KeyValue& memory,
                                   const at::Tensor& mask) const {
  return attention_weights(long_rows(x, memory.key.size(0)), memory.key, mask)
      .mean(1)  // (B, GT, N)
      .reshape({x.size(0), x.size(1), memory.key.size(2)});
}

}  // namespace beholder::nn
