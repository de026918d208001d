// The convolutional part that PP-OCRv4's two networks share: PP-LCNetV3.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "nn/convolution.hpp"
#include "nn/linear.hpp"

namespace beholder::vision {

/// A stored convolution with as many zeros on both sides as keep an unstrided map's size, for
/// inference.
class CenteredConv2d {
 public:
  struct Shape {
    std::int64_t in_channels = 0, out_channels = 0;
    std::int64_t kernel_height = 1, kernel_width = 1;
    std::int64_t stride_height = 1, stride_width = 1;
    std::int64_t groups = 1;
  };
  /// @param scaled the file has `name.scale_and_shift`, for what comes out of the activation
  CenteredConv2d(nn::StoredParameters& source, const std::string& name, const Shape& shape,
                 nn::Activation activation = nn::Activation::kNone, bool scaled = false);
  at::Tensor forward(const at::Tensor& x) const {  // (B, in, h, w) -> (B, out, h / s, w / s)
    return nn::convolve(*packed_, name_, x);
  }

 private:
  std::string name_;
  std::shared_ptr<const nn::kernels::PackedConv2d> packed_;
};

/// Squeeze-and-excitation (Hu et al. 2018): how much each channel counts, from all of its map. The
/// gate is a hard sigmoid, min(max(slope · x + 1/2, 0), 1).
class SqueezeExcitation {
 public:
  SqueezeExcitation(nn::StoredParameters& source, const std::string& name, std::int64_t channels,
                    double slope);
  at::Tensor gate(const at::Tensor& x) const;  // (B, C, h, w) -> (B, C, 1, 1)

 private:
  nn::Linear reduce_, expand_;
  double slope_;
};

/// PP-LCNetV3 (PaddleOCR's `rec_lcnetv3.py`; Cui et al. 2021 for the first version): depthwise and
/// pointwise convolutions, each with hard swish and a learned scale and shift of all its output.
/// A depthwise convolution that halves both sides has no hard swish.
class PpLcNet {
 public:
  struct BlockShape {
    std::int64_t kernel, in_channels, out_channels, stride_height, stride_width;
    bool squeeze;
  };
  PpLcNet(nn::StoredParameters& source, const std::string& name,
          const std::vector<BlockShape>& blocks);

  /// @param pixel_values (B, 3, H, W), RGB from -1 to 1
  /// @return the maps behind each block, channels last
  std::vector<at::Tensor> forward(const at::Tensor& pixel_values) const;

 private:
  struct Block {
    CenteredConv2d depthwise;
    std::optional<SqueezeExcitation> squeeze;
    CenteredConv2d pointwise;
  };
  CenteredConv2d stem_;
  std::vector<Block> blocks_;
};

}  // namespace beholder::vision
