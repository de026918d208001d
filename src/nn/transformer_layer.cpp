#include "nn/transformer_layer.hpp"

namespace beholder::nn {

FeedForward::FeedForward(ParameterSource& source, const std::string& name, std::int64_t hidden_size,
                         std::int64_t intermediate_size)
    : fc1_(source, name + ".fc1", hidden_size, intermediate_size),
      fc2_(source, name + ".fc2", intermediate_size, hidden_size) {}

at::Tensor FeedForward::forward(const at::Tensor& x, const at::Tensor& residual) const {
  return fc2_.forward(fc1_.forward(x, Activation::kGelu), Activation::kNone, residual);
}

void FeedForward::add_to(const at::Tensor& x, const at::Tensor& y) const {
  fc2_.add_to(fc1_.forward(x, Activation::kGelu), y);
}

EncoderLayer::EncoderLayer(ParameterSource& source, const std::string& name,
                           std::int64_t hidden_size, std::int64_t num_attention_heads,
                           std::int64_t intermediate_size, double eps)
    : norm1_(source, name + ".norm1", hidden_size, eps),
      attention_(source, name + ".attention", hidden_size, num_attention_heads, hidden_size),
      norm2_(source, name + ".norm2", hidden_size, eps),
      mlp_(source, name + ".mlp", hidden_size, intermediate_size) {}

at::Tensor EncoderLayer::forward(const at::Tensor& input, double dropout,
                                 const at::Tensor& mask) const {
  const at::Tensor normed = norm1_.forward(input);  // (B, N, D)
  const KeyValue memory = attention_.project(normed);
  const at::Tensor x = add_residual(
      [&](const at::Tensor& added) { return attention_.forward(normed, memory, mask, added); },
      input, dropout);
  const at::Tensor normed2 = norm2_.forward(x);
  return add_residual([&](const at::Tensor& added) { return mlp_.forward(normed2, added); }, x,
                      dropout);
}

}  // namespace beholder::nn
