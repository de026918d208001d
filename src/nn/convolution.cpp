#include "nn/convolution.hpp"

#include <algorithm>

#include "nn/finite.hpp"
#include "nn/linear.hpp"
#include "nn/shape.hpp"

namespace beholder::nn {
namespace {

/// "vision_encoder.stem.head" as messages say it: "vision encoder (vision_encoder.stem.head)".
std::string in_words(const std::string& module) {
  std::string network = module.substr(0, module.find('.'));
  std::replace(network.begin(), network.end(), '_', ' ');
  return network + " (" + module + ")";
}

}  // namespace

at::Tensor convolve(const kernels::PackedConv2d& packed, const std::string& name,
                    const at::Tensor& x, const at::Tensor& residual) {
  check_shape(x, {kAny, packed.options().in_channels, kAny, kAny}, name.c_str());
  if (!packed.finite()) fail_not_finite(in_words(name));
  const std::int64_t batch = x.size(0), height = x.size(2), width = x.size(3);
  const kernels::MapSize size = packed.output_size(height, width);
  const at::Tensor input = x.contiguous(at::MemoryFormat::ChannelsLast);
  at::Tensor out = at::empty({batch, packed.options().out_channels, size.height, size.width},
                             at::MemoryFormat::ChannelsLast);
  const at::Tensor added =
      residual.defined() ? residual.contiguous(at::MemoryFormat::ChannelsLast) : residual;
  packed.forward(input.data_ptr<float>(), batch, height, width, out.data_ptr<float>(),
                 added.defined() ? added.data_ptr<float>() : nullptr);
  return out;
}

Conv2d::Conv2d(ParameterSource& source, const std::string& name, const ConvShape& shape,
               Activation activation)
    : name_(name), shape_(shape), activation_(activation) {
  if (StoredParameters* stored = source.packed(name)) {
    packed_ = stored->convolution(name, shape, activation);
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
  if (packed_) return convolve(*packed_, name_, x, residual);
  const auto vertical = kernels::same_padding(x.size(2), shape_.kernel, shape_.stride);
  const auto horizontal = kernels::same_padding(x.size(3), shape_.kernel, shape_.stride);
  const at::Tensor padded = at::constant_pad_nd(
      x, {horizontal.begin, horizontal.end, vertical.begin, vertical.end});  // (B, in, h', w')
  const at::Tensor y =
      activate(at::conv2d(padded, weight_, bias_, at::IntArrayRef{shape_.stride, shape_.stride},
                          at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, shape_.groups),
               activation_);
  return residual.defined() ? y + residual : y;
}

}  // namespace beholder::nn
