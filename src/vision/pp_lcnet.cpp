#include "vision/pp_lcnet.hpp"

#include "nn/shape.hpp"

namespace beholder::vision {

using nn::Activation;

namespace {

constexpr std::int64_t kStemChannels = 16, kReduction = 4;

nn::kernels::Conv2dOptions options_of(const CenteredConv2d::Shape& shape, Activation activation) {
  nn::kernels::Conv2dOptions out;
  out.in_channels = shape.in_channels;
  out.out_channels = shape.out_channels;
  out.kernel_height = shape.kernel_height;
  out.kernel_width = shape.kernel_width;
  out.stride = shape.stride_height;
  out.width_stride = shape.stride_width;
  out.groups = shape.groups;
  out.same = false;
  out.height_padding = {shape.kernel_height / 2, shape.kernel_height / 2};
  out.width_padding = {shape.kernel_width / 2, shape.kernel_width / 2};
  out.activation = activation;
  return out;
}

}  // namespace

CenteredConv2d::CenteredConv2d(nn::StoredParameters& source, const std::string& name,
                               const Shape& shape, Activation activation, bool scaled)
    : name_(name) {
  nn::kernels::Conv2dOptions options = options_of(shape, activation);
  if (scaled) {
    const at::Tensor behind = source.tensor(name + ".scale_and_shift", {2}, nn::Init::kZeros);
    options.scale = behind.data_ptr<float>()[0];
    options.shift = behind.data_ptr<float>()[1];
  }
  packed_ = source.convolution(name, options);
}

SqueezeExcitation::SqueezeExcitation(nn::StoredParameters& source, const std::string& name,
                                     std::int64_t channels, double slope)
    : reduce_(source, name + ".reduce", channels, channels / kReduction),
      expand_(source, name + ".expand", channels / kReduction, channels),
      slope_(slope) {}

at::Tensor SqueezeExcitation::gate(const at::Tensor& x) const {
  const at::Tensor mean = x.mean(at::IntArrayRef{2, 3});  // (B, C)
  const at::Tensor score = expand_.forward(reduce_.forward(mean, Activation::kRelu));
  return (score * slope_ + 0.5).clamp(0, 1).unsqueeze(2).unsqueeze(3);
}

PpLcNet::PpLcNet(nn::StoredParameters& source, const std::string& name,
                 const std::vector<BlockShape>& blocks)
    : stem_(source, name + ".stem", {3, kStemChannels, 3, 3, 2, 2}) {
  for (const BlockShape& shape : blocks) {
    const std::string block = name + ".blocks." + std::to_string(blocks_.size());
    const bool halves = shape.stride_height == 2 && shape.stride_width == 2;
    const std::int64_t in = shape.in_channels;
    CenteredConv2d depthwise(
        source, block + ".depthwise",
        {in, in, shape.kernel, shape.kernel, shape.stride_height, shape.stride_width, in},
        halves ? Activation::kNone : Activation::kHardSwish, !halves);
    std::optional<SqueezeExcitation> squeeze;
    if (shape.squeeze) squeeze.emplace(source, block + ".squeeze", in, 1.0 / 6);
    blocks_.push_back({std::move(depthwise), std::move(squeeze),
                       CenteredConv2d(source, block + ".pointwise", {in, shape.out_channels},
                                      Activation::kHardSwish, true)});
  }
}

std::vector<at::Tensor> PpLcNet::forward(const at::Tensor& pixel_values) const {
  nn::check_shape(pixel_values, {nn::kAny, 3, nn::kAny, nn::kAny}, "PpLcNet");
  std::vector<at::Tensor> out;
  at::Tensor x = stem_.forward(pixel_values);  // (B, 16, H/2, W/2)
  for (const Block& block : blocks_) {
    x = block.depthwise.forward(x);  // (B, c, h/s, w/s)
    if (block.squeeze) x = x * block.squeeze->gate(x);
    x = block.pointwise.forward(x);  // (B, c', h/s, w/s)
    out.push_back(x);
  }
  return out;
}

}  // namespace beholder::vision
