// The element-wise functions that a linear layer or a convolution can apply to its result.
#pragma once

namespace beholder::nn::kernels {

/// The function applied to `x W^T + b` before a residual is added.
enum class Activation {
  kNone,
  kGelu,       ///< 0.5 x (1 + erf(x / sqrt 2)), the exact form (BERT, ViT)
  kGeluTanh,   ///< the tanh approximation of GELU (Hendrycks & Gimpel 2016; GPT-2, SigLIP)
  kRelu,       ///< max(x, 0)
  kRelu6,      ///< min(max(x, 0), 6) (MobileNet, EfficientNet-Lite)
  kSilu,       ///< x sigmoid(x), also called swish
  kHardSwish,  ///< x min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, MobileNetV3)
};

}  // namespace beholder::nn::kernels
