#include "vision/efficientnet_stem.hpp"

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::vision {

using nn::Activation;

namespace {

struct Stage {
  std::int64_t repeats, kernel, stride, expansion, out_channels;
};

// EfficientNet-B0's stages with Lite2's width 1.1 (rounded to multiples of 8) and depth 1.2; the
// first and the last stage keep one block.
constexpr Stage kLite2Stages[] = {
    {1, 3, 1, 1, 16},  {3, 3, 2, 6, 24},  {3, 5, 2, 6, 48},  {4, 3, 2, 6, 88},
    {4, 5, 1, 6, 120}, {5, 5, 2, 6, 208}, {1, 3, 1, 6, 352},
};

}  // namespace

ImageProcessorConfig stem_processor(int size) {
  ImageProcessorConfig config;
  config.resize = ResizeRule::square(size);
  config.image_mean = {127.0f / 255, 127.0f / 255, 127.0f / 255};
  config.image_std = {128.0f / 255, 128.0f / 255, 128.0f / 255};
  return config;
}

EfficientNetStem::EfficientNetStem(nn::ParameterSource& source, const std::string& name)
    : stem_(source, name + "._conv_stem", {3, 32, 3, 2, 1}, Activation::kRelu6),
      head_(source, name + "._conv_head", {352, kStride32Channels, 1, 1, 1}, Activation::kRelu6) {
  std::int64_t channels = 32;
  for (const Stage& stage : kLite2Stages) {
    for (std::int64_t repeat = 0; repeat < stage.repeats; ++repeat) {
      const std::int64_t stride = repeat == 0 ? stage.stride : 1;
      const std::int64_t wide = channels * stage.expansion;
      const std::string block = name + "._blocks." + std::to_string(blocks_.size());
      std::unique_ptr<nn::Conv2d> expand;
      if (stage.expansion != 1)
        expand = std::make_unique<nn::Conv2d>(source, block + "._expand_conv",
                                              nn::ConvShape{channels, wide, 1, 1, 1},
                                              Activation::kRelu6);
      blocks_.push_back({std::move(expand),
                         nn::Conv2d(source, block + "._depthwise_conv",
                                    {wide, wide, stage.kernel, stride, wide}, Activation::kRelu6),
                         nn::Conv2d(source, block + "._project_conv",
                                    {wide, stage.out_channels, 1, 1, 1}, Activation::kNone),
                         stride == 1 && channels == stage.out_channels});
      channels = stage.out_channels;
    }
    if (channels == kStride4Channels) last_stride4_block_ = blocks_.size() - 1;
    if (channels == kStride8Channels) last_stride8_block_ = blocks_.size() - 1;
    if (channels == kStride16Channels) last_stride16_block_ = blocks_.size() - 1;
  }
}

at::Tensor EfficientNetStem::run(const Block& block, const at::Tensor& x) const {
  at::Tensor y = block.expand ? block.expand->forward(x) : x;      // (B, 6c, h, w)
  y = block.depthwise.forward(y);                                  // (B, 6c, h/s, w/s)
  return block.project.forward(y, block.skip ? x : at::Tensor());  // (B, c', h/s, w/s)
}

StemFeatures EfficientNetStem::forward(const at::Tensor& pixel_values) const {
  nn::check_shape(pixel_values, {nn::kAny, 3, nn::kAny, nn::kAny}, "EfficientNetStem");
  StemFeatures features;
  at::Tensor x = stem_.forward(pixel_values);  // (B, 32, H/2, W/2)
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    x = run(blocks_[i], x);
    if (i == last_stride16_block_) features.stride16 = x;
  }
  features.stride32 = head_.forward(x);  // (B, 1280, H/32, W/32)
  return features;
}

PyramidFeatures EfficientNetStem::pyramid(const at::Tensor& pixel_values) const {
  nn::check_shape(pixel_values, {nn::kAny, 3, nn::kAny, nn::kAny}, "EfficientNetStem");
  check(pixel_values.size(2) % 32 == 0 && pixel_values.size(3) % 32 == 0, ErrorCode::kShape,
        "EfficientNetStem: sides must be multiples of 32 px, got ", pixel_values.sizes());
  PyramidFeatures features;
  at::Tensor x = stem_.forward(pixel_values);  // (B, 32, H/2, W/2)
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    x = run(blocks_[i], x);
    if (i == last_stride4_block_) features.stride4 = x;
    if (i == last_stride8_block_) features.stride8 = x;
    if (i == last_stride16_block_) features.stride16 = x;
  }
  features.stride32 = x;
  return features;
}

}  // namespace beholder::vision
