#include "nn/layers.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {
namespace {

/// x W^T + b through the packed kernel, rows flattened.
at::Tensor packed_product(const kernels::PackedLinear& packed, const at::Tensor& x,
                          Activation activation, const at::Tensor& residual) {
  const at::Tensor input = x.contiguous();
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.back() = packed.out();
  at::Tensor out = at::empty(shape);
  at::Tensor added = residual.defined() ? residual.expand(shape).contiguous() : residual;
  packed.forward(input.data_ptr<float>(), input.numel() / packed.in(), out.data_ptr<float>(),
                 activation, added.defined() ? added.data_ptr<float>() : nullptr);
  return out;
}

/// "vision_encoder.stem.head" as messages say it: "vision encoder (vision_encoder.stem.head)".
std::string in_words(const std::string& module) {
  std::string network = module.substr(0, module.find('.'));
  std::replace(network.begin(), network.end(), '_', ' ');
  return network + " (" + module + ")";
}

}  // namespace

at::Tensor activate(const at::Tensor& x, Activation activation) {
  switch (activation) {
    case Activation::kNone: return x;
    case Activation::kGelu: return at::gelu(x);
    case Activation::kGeluTanh: return at::gelu(x, "tanh");
    case Activation::kRelu: return at::relu(x);
    case Activation::kRelu6: return at::clamp(x, 0, 6);
    case Activation::kSilu: return at::silu(x);
  }
  fail(ErrorCode::kInternal, "activate: unknown activation");
}

Linear::Linear(ParameterSource& source, const std::string& name, std::int64_t in, std::int64_t out,
               bool bias)
    : in_(in), out_(out) {
  if (PackedParameters* packed = source.packed(name)) {
    packed_ = packed->packed_linear(name, in, out, bias);
    return;
  }
  weight_ = source.tensor(name + ".weight", {out, in}, Init::kXavier);
  if (bias) bias_ = source.tensor(name + ".bias", {out}, Init::kZeros);
}

at::Tensor Linear::forward(const at::Tensor& x, Activation activation,
                           const at::Tensor& residual) const {
  check(x.dim() >= 1 && x.size(-1) == in_, ErrorCode::kShape, "Linear: expected (…, ", in_,
        "), got ", x.sizes());
  if (packed_) return packed_product(*packed_, x, activation, residual);
  const at::Tensor y = activate(at::linear(x, weight_, bias_), activation);
  return residual.defined() ? y + residual : y;
}

void Linear::add_to(const at::Tensor& x, const at::Tensor& y) const {
  check(packed_ != nullptr, ErrorCode::kInternal,
        "Linear::add_to: only packed weights add in place");
  check(x.dim() >= 1 && x.size(-1) == in_ && y.is_contiguous() && y.dim() >= 1 &&
            y.size(-1) == out_ && y.numel() / out_ == x.numel() / in_,
        ErrorCode::kShape, "Linear::add_to: expected (…, ", in_, ") and as many contiguous (…, ",
        out_, "), got ", x.sizes(), " and ", y.sizes());
  const at::Tensor input = x.contiguous();
  packed_->forward(input.data_ptr<float>(), input.numel() / in_, y.data_ptr<float>(),
                   Activation::kNone, y.data_ptr<float>());
}

LayerNorm::LayerNorm(ParameterSource& source, const std::string& name, std::int64_t size,
                     double eps)
    : weight_(source.tensor(name + ".weight", {size}, Init::kOnes)),
      bias_(source.tensor(name + ".bias", {size}, Init::kZeros)),
      eps_(eps) {}

at::Tensor LayerNorm::forward(const at::Tensor& x) const {
  return at::layer_norm(x, weight_.sizes(), weight_, bias_, eps_);
}

Embedding::Embedding(ParameterSource& source, const std::string& name, std::int64_t rows,
                     std::int64_t width, const std::string& tied_bias)
    : rows_(rows), width_(width) {
  if (PackedParameters* packed = source.packed(name)) {
    table_ = packed->row_table(name + ".weight", rows, width);
    if (!tied_bias.empty())
      packed_ = packed->packed_matrix(name + ".weight", tied_bias, width, rows);
    return;
  }
  weight_ = source.tensor(name + ".weight", {rows, width}, Init::kNormal02);
  if (!tied_bias.empty()) bias_ = source.tensor(tied_bias, {rows}, Init::kZeros);
}

at::Tensor Embedding::forward(const at::Tensor& ids) const {
  return table_ ? table_->lookup(ids) : at::embedding(weight_, ids);
}

at::Tensor Embedding::logits(const at::Tensor& hidden) const {
  if (packed_) return packed_product(*packed_, hidden, Activation::kNone, {});
  return at::linear(hidden, weight_, bias_);
}

Conv2d::Conv2d(ParameterSource& source, const std::string& name, const ConvShape& shape,
               Activation activation)
    : name_(name), shape_(shape), activation_(activation) {
  if (PackedParameters* packed = source.packed(name)) {
    packed_ = packed->packed_conv(name, shape, activation);
    return;
  }
  weight_ = source.tensor(
      name + ".weight",
      {shape.out_channels, shape.in_channels / shape.groups, shape.kernel, shape.kernel},
      Init::kXavier);
  bias_ = source.tensor(name + ".bias", {shape.out_channels}, Init::kZeros);
}

at::Tensor Conv2d::forward(const at::Tensor& x, const at::Tensor& residual) const {
  check_shape(x, {kAny, shape_.in_channels, kAny, kAny}, "Conv2d");
  const std::int64_t batch = x.size(0), height = x.size(2), width = x.size(3);
  const auto vertical = kernels::same_padding(height, shape_.kernel, shape_.stride);
  const auto horizontal = kernels::same_padding(width, shape_.kernel, shape_.stride);
  if (packed_) {
    if (!packed_->finite()) fail_not_finite(in_words(name_));
    const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
    const std::int64_t out_height = (height + shape_.stride - 1) / shape_.stride;
    const std::int64_t out_width = (width + shape_.stride - 1) / shape_.stride;
    at::Tensor out = at::empty({batch, shape_.out_channels, out_height, out_width},
                               at::MemoryFormat::ChannelsLast);
    const at::Tensor added =
        residual.defined() ? residual.contiguous(at::MemoryFormat::ChannelsLast) : residual;
    packed_->forward(input.data_ptr<float>(), batch, height, width, out.data_ptr<float>(),
                     added.defined() ? added.data_ptr<float>() : nullptr);
    return out;
  }
  const at::Tensor padded = at::constant_pad_nd(
      x, {horizontal.begin, horizontal.end, vertical.begin, vertical.end});  // (B, in, h', w')
  const at::Tensor y =
      activate(at::conv2d(padded, weight_, bias_, at::IntArrayRef{shape_.stride, shape_.stride},
                          at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, shape_.groups),
               activation_);
  return residual.defined() ? y + residual : y;
}

}  // namespace beholder::nn
