#include "nn/attention.hpp"

#include <cmath>

#include "core/check.hpp"
#include "nn/kernels/attention.hpp"
#include "nn/kernels/token_attention.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {
namespace {

/// A layer's tokens brought together for the rows that go on from them, (S, t, D).
at::Tensor gathered(const std::vector<at::Tensor>& tokens, const at::Tensor& origins) {
  std::vector<at::Tensor> out;
  for (std::size_t t = 0; t < tokens.size(); ++t)
    out.push_back(tokens[t].index_select(
        0, origins.select(1, static_cast<std::int64_t>(t)).to(tokens[t].device())));
  return at::stack(out, 1);
}

std::vector<const float*> addresses(const std::vector<at::Tensor>& tokens) {
  std::vector<const float*> out;
  for (const at::Tensor& token : tokens) out.push_back(token.data_ptr<float>());
  return out;
}

}  // namespace

MultiHeadAttention::MultiHeadAttention(ParameterSource& source, const std::string& name,
                                       std::int64_t hidden_size, std::int64_t num_attention_heads,
                                       std::int64_t key_size)
    : MultiHeadAttention(
          source, AttentionNames{name + ".query", name + ".key", name + ".value", name + ".output"},
          hidden_size, num_attention_heads, key_size) {}

MultiHeadAttention::MultiHeadAttention(ParameterSource& source, const AttentionNames& names,
                                       std::int64_t hidden_size, std::int64_t num_attention_heads,
                                       std::int64_t key_size)
    : hidden_(hidden_size),
      heads_(num_attention_heads),
      query_(source, names.query, hidden_size, hidden_size),
      key_(source, names.key, key_size, hidden_size),
      value_(source, names.value, key_size, hidden_size),
      output_(source, names.output, hidden_size, hidden_size) {
  check(num_attention_heads >= 1, ErrorCode::kModelFormat, names.query,
        ": there must be a head, got ", num_attention_heads);
  check(hidden_size % num_attention_heads == 0, ErrorCode::kModelFormat, names.query,
        ": hidden size ", hidden_size, " is not a multiple of ", num_attention_heads, " heads");
}

at::Tensor MultiHeadAttention::split_heads(const at::Tensor& x) const {
  return x.view({x.size(0), x.size(1), heads_, hidden_ / heads_})
      .transpose(1, 2)
      .contiguous();  // (B, N, H, d) -> (B, H, N, d)
}

KeyValue MultiHeadAttention::project(const at::Tensor& tokens) const {
  return {split_heads(key_.forward(tokens)), split_heads(value_.forward(tokens))};
}

at::Tensor MultiHeadAttention::long_rows(const at::Tensor& x, std::int64_t batch) const {
  check_shape(x, {kAny, kAny, hidden_}, "MultiHeadAttention");
  const std::int64_t rows = x.size(0), length = x.size(1);
  check(batch > 0 && rows % batch == 0, ErrorCode::kShape, "MultiHeadAttention: ", rows,
        " rows cannot share ", batch, " memories evenly");
  // The rows that share a memory become one long row: (B*G, T, D) -> (B, G*T, D).
  return split_heads(query_.forward(x).view({batch, rows / batch * length, hidden_}));
}

at::Tensor MultiHeadAttention::softmax_scores(const at::Tensor& query, const at::Tensor& key,
                                              const at::Tensor& mask) const {
  const double scale = 1.0 / std::sqrt(static_cast<double>(hidden_ / heads_));
  at::Tensor scores = at::matmul(query, key.transpose(-1, -2)).mul(scale);  // (B,H,GT,N)
  if (mask.defined()) scores = scores + mask;
  return at::softmax(scores, -1);
}

at::Tensor MultiHeadAttention::attend(const at::Tensor& x, const KeyValue& memory,
                                      const at::Tensor& mask) const {
  const std::int64_t rows = x.size(0), length = x.size(1), batch = memory.key.size(0);
  const at::Tensor query = long_rows(x, batch);
  if (query_.packed() && !mask.defined()) {
    const std::int64_t size = hidden_ / heads_, queries = query.size(2);
    const at::Tensor key = memory.key.contiguous(), value = memory.value.contiguous();
    at::Tensor out = at::empty({batch, queries, hidden_});
    kernels::attention(query.data_ptr<float>(), key.data_ptr<float>(), value.data_ptr<float>(),
                       batch, heads_, queries, key.size(2), size, out.data_ptr<float>());
    return out.view({rows, length, hidden_});  // (B, GT, D) -> (B*G, T, D)
  }
  const at::Tensor attended =
      at::matmul(softmax_scores(query, memory.key, mask), memory.value);  // (B,H,GT,d)
  return attended.transpose(1, 2).reshape({rows, length, hidden_});
}

at::Tensor MultiHeadAttention::weights(const at::Tensor& x, const KeyValue& memory,
                                       const at::Tensor& mask) const {
  const std::int64_t rows = x.size(0), length = x.size(1), batch = memory.key.size(0);
  return softmax_scores(long_rows(x, batch), memory.key, mask)
      .mean(1)  // (B, GT, N)
      .reshape({rows, length, memory.key.size(2)});
}

at::Tensor MultiHeadAttention::forward(const at::Tensor& x, const KeyValue& memory,
                                       const at::Tensor& mask, const at::Tensor& residual) const {
  return output_.forward(attend(x, memory, mask), Activation::kNone, residual);
}

at::Tensor MultiHeadAttention::step(const at::Tensor& x, KeyValueCache& cache, std::size_t layer,
                                    const at::Tensor& residual) const {
  check_shape(x, {kAny, 1, hidden_}, "MultiHeadAttention's new tokens");
  const std::int64_t rows = x.size(0);
  cache.extend(layer, key_.forward(x).view({rows, hidden_}),
               value_.forward(x).view({rows, hidden_}));
  const at::Tensor query = query_.forward(x);
  const auto& keys = cache.keys(layer);
  const auto& values = cache.values(layer);
  at::Tensor attended;  // (S, 1, D)
  if (query_.packed()) {
    const std::int64_t size = hidden_ / heads_;
    const std::vector<const float*> key = addresses(keys), value = addresses(values);
    attended = at::empty_like(query);
    kernels::token_attention(
        query.data_ptr<float>(), rows, heads_, size,
        {static_cast<std::int64_t>(keys.size()), key.data(), value.data(), cache.origins().data()},
        1.0f / std::sqrt(static_cast<float>(size)), attended.data_ptr<float>());
  } else {
    const at::Tensor origins = id_tensor(cache.origins()).view({rows, -1});
    const at::Tensor scores =
        softmax_scores(split_heads(query), split_heads(gathered(keys, origins)), {});
    attended = at::matmul(scores, split_heads(gathered(values, origins)))  // (S, H, 1, d)
                   .view({rows, 1, hidden_});
  }
  return output_.forward(attended, Activation::kNone, residual);
}

}  // namespace beholder::nn
