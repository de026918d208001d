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
