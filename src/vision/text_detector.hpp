// Where in a picture text is, as a probability of each pixel.
#pragma once

#include <ATen/ATen.h>

#include <string>
#include <vector>

#include "vision/pp_lcnet.hpp"

namespace beholder::vision {

/// PP-OCRv4's mobile detection network: PP-LCNetV3, a feature pyramid whose convolutions have
/// squeeze-and-excitation beside a residual (RSE-FPN; PP-OCRv3, Li et al. 2022), and the
/// probability half of the head of Differentiable Binarization (Liao et al. 2020).
class TextDetector {
 public:
  static constexpr std::int64_t kStride = 32;  ///< heights and widths must be multiples of it, px

  explicit TextDetector(nn::StoredParameters& source);

  /// @param pixel_values (1, 3, H, W), RGB from -1 to 1  @return (H, W), 0..1: how likely each
  /// pixel lies in the inner part of a line of text  @throws Error kShape; kModelFormat for weights
  /// that are not finite
  at::Tensor forward(const at::Tensor& pixel_values) const;

 private:
  /// x + x · gate(x) of a convolution's output x.
  struct Residual {
    CenteredConv2d convolution;
    SqueezeExcitation squeeze;
    at::Tensor forward(const at::Tensor& x) const;
  };
  at::Tensor pyramid(const std::vector<at::Tensor>& maps) const;

  PpLcNet backbone_;
  std::vector<CenteredConv2d> narrow_;      // one a level, from fine to coarse
  std::vector<Residual> lateral_, smooth_;  // the same
  CenteredConv2d head_;
  std::vector<CenteredConv2d> up_;  // of 2 x 2 cells each
};

}  // namespace beholder::vision
