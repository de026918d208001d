#include "vision/mobilenet_v2.hpp"

#include "nn/shape.hpp"

namespace beholder::vision {

using nn::Activation;

namespace {

constexpr std::int64_t kLastChannels = 320;

struct Stage {
  std::int64_t repeats, stride, expansion, out_channels;
};

// Table 2 of the paper.
constexpr Stage kStages[] = {{1, 1, 1, 16}, {2, 2, 6, 24},  {3, 2, 6, 32},           {4, 2, 6, 64},
                             {3, 1, 6, 96}, {3, 2, 6, 160}, {1, 1, 6, kLastChannels}};

}  // namespace

MobileNetV2::MobileNetV2(nn::ParameterSource& source, const std::string& name)
    : stem_(source, name + ".stem", {3, 32, 3, 2, 1}, Activation::kRelu6),
      head_(source, name + ".head", {kLastChannels, kStride32Channels, 1, 1, 1},
            Activation::kRelu6) {
  std::int64_t channels = 32, stride = 2;  // of the map at hand
  for (const Stage& stage : kStages) {
    stride *= stage.stride;
    if (stride == 32 && stage.stride == 2) first_stride32_block_ = blocks_.size();
    for (std::int64_t repeat = 0; repeat < stage.repeats; ++repeat) {
      const std::int64_t step = repeat == 0 ? stage.stride : 1;
      const std::int64_t wide = channels * stage.expansion;
      const std::string block = name + ".blocks." + std::to_string(blocks_.size());
      std::unique_ptr<nn::Conv2d> expand;
      if (stage.expansion != 1)
        expand = std::make_unique<nn::Conv2d>(
            source, block + ".expand", nn::ConvShape{channels, wide, 1, 1, 1}, Activation::kRelu6);
      blocks_.push_back({std::move(expand),
                         nn::Conv2d(source, block + ".depthwise", {wide, wide, 3, step, wide},
                                    Activation::kRelu6),
                         nn::Conv2d(source, block + ".project", {wide, stage.out_channels, 1, 1, 1},
                                    Activation::kNone),
                         step == 1 && channels == stage.out_channels});
      channels = stage.out_channels;
    }
  }
}

MobileNetFeatures MobileNetV2::forward(const at::Tensor& pixel_values, bool fine_only) const {
  nn::check_shape(pixel_values, {nn::kAny, 3, nn::kAny, nn::kAny}, "MobileNetV2");
  MobileNetFeatures features;
  at::Tensor x = stem_.forward(pixel_values);  // (B, 32, H/2, W/2)
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    const Block& block = blocks_[i];
    at::Tensor y = block.expand ? block.expand->forward(x) : x;  // (B, 6c, h, w)
    if (i == first_stride32_block_) {
      features.stride16 = y;
      if (fine_only) return features;
    }
    y = block.depthwise.forward(y);                               // (B, 6c, h/s, w/s)
    x = block.project.forward(y, block.skip ? x : at::Tensor());  // (B, c', h/s, w/s)
  }
  features.stride32 = head_.forward(x);  // (B, 1280, H/32, W/32)
  return features;
}

}  // namespace beholder::vision
