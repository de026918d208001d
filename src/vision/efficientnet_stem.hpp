// The convolutional part of EfficientNet-Lite: picture to a grid of cells.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <vector>

#include "nn/convolution.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {

/// Feature maps of one forward pass.
struct StemFeatures {
  at::Tensor stride16;  // (B, 120, H/16, W/16), after the last block at that stride
  at::Tensor stride32;  // (B, 1280, H/32, W/32), after the 1x1 head convolution
};

/// The last map of each size, for what must be found where it is.
struct PyramidFeatures {
  at::Tensor stride4;   // (B, 24, H/4, W/4)
  at::Tensor stride8;   // (B, 48, H/8, W/8)
  at::Tensor stride16;  // (B, 120, H/16, W/16)
  at::Tensor stride32;  // (B, 352, H/32, W/32), before the 1x1 head convolution
};

/// EfficientNet-Lite2 (Tan & Le 2019; the "lite" variant of the TensorFlow TPU repository: ReLU6,
/// no squeeze-and-excitation, stem and head not scaled) up to its last convolution, with batch
/// normalisation folded into the convolutions. Pictures of any size, TensorFlow's SAME padding.
class EfficientNetStem {
 public:
  EfficientNetStem(nn::ParameterSource& source, const std::string& name);

  /// @param pixel_values (B, 3, H, W), (RGB value - 127) / 128
  StemFeatures forward(const at::Tensor& pixel_values) const;

  /// @param pixel_values as for `forward`, sides multiples of 32
  PyramidFeatures pyramid(const at::Tensor& pixel_values) const;

  static constexpr std::int64_t kStride4Channels = 24;
  static constexpr std::int64_t kStride8Channels = 48;
  static constexpr std::int64_t kStride16Channels = 120;
  static constexpr std::int64_t kLastChannels = 352;  ///< at stride 32, before the head
  static constexpr std::int64_t kStride32Channels = 1280;

 private:
  struct Block {
    std::unique_ptr<nn::Conv2d> expand;  // absent in the first block
    nn::Conv2d depthwise;
    nn::Conv2d project;
    bool skip;  // input added to the output
  };
  at::Tensor run(const Block& block, const at::Tensor& x) const;

  nn::Conv2d stem_;
  std::vector<Block> blocks_;
  std::size_t last_stride4_block_ = 0, last_stride8_block_ = 0, last_stride16_block_ = 0;
  nn::Conv2d head_;
};

/// What the stem's weights were trained on: a square of `size` px, (RGB value - 127) / 128.
ImageProcessorConfig stem_processor(int size);

}  // namespace beholder::vision
