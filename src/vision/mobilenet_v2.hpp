// The convolutional part of MobileNetV2: picture to maps of features.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "nn/convolution.hpp"

namespace beholder::vision {

/// Feature maps of one forward pass.
struct MobileNetFeatures {
  at::Tensor stride16;  // (B, 576, H/16, W/16), the first block of stride 32, widened
  at::Tensor stride32;  // (B, 1280, H/32, W/32), after the 1x1 head convolution
};

/// MobileNetV2 of width 1 (Sandler et al. 2018) with ReLU6 and batch normalisation folded into the
/// convolutions. Pictures of any size, TensorFlow's SAME padding.
class MobileNetV2 {
 public:
  MobileNetV2(nn::ParameterSource& source, const std::string& name);

  /// @param pixel_values (B, 3, H, W), RGB from -1 to 1
  /// @param fine_only leaves `stride32` undefined, for less than half of the time
  MobileNetFeatures forward(const at::Tensor& pixel_values, bool fine_only = false) const;

  static constexpr std::int64_t kStride16Channels = 576;
  static constexpr std::int64_t kStride32Channels = 1280;

 private:
  struct Block {
    std::unique_ptr<nn::Conv2d> expand;  // absent in the first block
    nn::Conv2d depthwise;
    nn::Conv2d project;
    bool skip;  // input added to the output
  };

  nn::Conv2d stem_;
  std::vector<Block> blocks_;
  std::size_t first_stride32_block_ = 0;
  nn::Conv2d head_;
};

}  // namespace beholder::vision
