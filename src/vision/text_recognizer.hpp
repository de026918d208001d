// What is written in the picture of one line.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <vector>

#include "nn/layer_norm.hpp"
#include "nn/linear.hpp"
#include "nn/self_attention.hpp"
#include "vision/pp_lcnet.hpp"

namespace beholder::vision {

/// PP-OCRv4's mobile recognition network: PP-LCNetV3 down to one row of places, two layers of
/// attention along the line (SVTR; Du et al. 2022), and each place's logits of all characters.
class TextRecognizer {
 public:
  static constexpr std::int64_t kHeight = 48;  ///< of a line, px
  static constexpr std::int64_t kStride = 8;   ///< px of width a place

  /// @param classes the blank, then the characters
  TextRecognizer(nn::StoredParameters& source, std::int64_t classes);

  /// @param pixel_values (B, 3, 48, W), RGB from -1 to 1, 0 where a line has ended; W a multiple of
  /// kStride  @return (B, W / 8, classes), logits
  /// @throws Error kShape; kModelFormat for weights that are not finite
  at::Tensor forward(const at::Tensor& pixel_values) const;

 private:
  struct Layer {
    nn::LayerNorm norm1;
    nn::SelfAttention attention;
    nn::LayerNorm norm2;
    nn::Linear fc1, fc2;
    at::Tensor forward(const at::Tensor& x) const;  // (B, T, D) -> (B, T, D)
  };

  PpLcNet backbone_;
  CenteredConv2d narrow_, widen_, back_, join_, last_;
  std::vector<Layer> layers_;
  nn::LayerNorm norm_;
  nn::Linear head_;
};

}  // namespace beholder::vision
