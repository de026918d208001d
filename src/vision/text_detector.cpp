#include "vision/text_detector.hpp"

#include <array>

#include "core/check.hpp"
#include "nn/finite.hpp"
#include "nn/shape.hpp"

namespace beholder::vision {
namespace {

using nn::Activation;

const std::string kName = "text_detection.";

// kernel, in, out, strides, squeeze-and-excitation
const std::vector<PpLcNet::BlockShape> kBlocks = {
    {3, 16, 32, 1, 1, false},   {3, 32, 48, 2, 2, false},   {3, 48, 48, 1, 1, false},
    {3, 48, 96, 2, 2, false},   {3, 96, 96, 1, 1, false},   {3, 96, 192, 2, 2, false},
    {5, 192, 192, 1, 1, false}, {5, 192, 192, 1, 1, false}, {5, 192, 192, 1, 1, false},
    {5, 192, 192, 1, 1, false}, {5, 192, 384, 2, 2, true},  {5, 384, 384, 1, 1, true},
    {5, 384, 384, 1, 1, false}, {5, 384, 384, 1, 1, false}};

/// The last block of a stride, its channels, and those that are left of them.
struct Level {
  std::size_t block;
  std::int64_t channels, narrow;
};
constexpr std::array<Level, 4> kLevels = {
    {{2, 48, 12}, {4, 96, 18}, {9, 192, 42}, {13, 384, 360}}};  // strides 4, 8, 16, 32
constexpr std::int64_t kWidth = 96, kPart = kWidth / 4;
constexpr double kSlope = 0.2;

at::Tensor enlarged(const at::Tensor& x, std::int64_t times) {
  return at::upsample_nearest2d(x, {x.size(2) * times, x.size(3) * times});
}

/// Each place's 4 · c channels as 2 x 2 places of c: (1, 4c, h, w) -> (1, c, 2h, 2w).
at::Tensor unfolded(const at::Tensor& x) {
  const std::int64_t channels = x.size(1) / 4, height = x.size(2), width = x.size(3);
  return x
      .permute({0, 2, 3, 1})  // (1, h, w, 4c)
      .reshape({height, width, 2, 2, channels})
      .permute({0, 2, 1, 3, 4})  // (h, 2, w, 2, c)
      .reshape({1, 2 * height, 2 * width, channels})
      .permute({0, 3, 1, 2});
}

}  // namespace

TextDetector::TextDetector(nn::StoredParameters& source)
    : backbone_(source, kName + "backbone", kBlocks),
      head_(source, kName + "head.conv", {kWidth, kPart, 3, 3}, Activation::kRelu) {
  for (std::size_t level = 0; level < kLevels.size(); ++level) {
    const std::string end = "." + std::to_string(level);
    const auto residual = [&](const std::string& name, const CenteredConv2d::Shape& shape) {
      return Residual{CenteredConv2d(source, name + ".conv", shape),
                      SqueezeExcitation(source, name + ".squeeze", shape.out_channels, kSlope)};
    };
    const auto [block, channels, narrow] = kLevels[level];
    narrow_.emplace_back(source, kName + "neck.narrow" + end,
                         CenteredConv2d::Shape{channels, narrow});
    lateral_.push_back(residual(kName + "neck.lateral" + end, {narrow, kWidth}));
    smooth_.push_back(residual(kName + "neck.smooth" + end, {kWidth, kPart, 3, 3}));
  }
  up_.emplace_back(source, kName + "head.up.0", CenteredConv2d::Shape{kPart, 4 * kPart},
                   Activation::kRelu);
  up_.emplace_back(source, kName + "head.up.1", CenteredConv2d::Shape{kPart, 4});
}

at::Tensor TextDetector::Residual::forward(const at::Tensor& x) const {
  const at::Tensor y = convolution.forward(x);
  return y * (squeeze.gate(y) + 1);
}

at::Tensor TextDetector::pyramid(const std::vector<at::Tensor>& maps) const {
  std::array<at::Tensor, kLevels.size()> parts;
  at::Tensor coarser;
  for (std::size_t level = kLevels.size(); level-- > 0;) {
    at::Tensor x =
        lateral_[level].forward(narrow_[level].forward(maps[kLevels[level].block]));  // (1, 96, …)
    if (coarser.defined()) x = x + enlarged(coarser, 2);
    coarser = x;
    const at::Tensor part = smooth_[level].forward(x);  // (1, 24, …)
    parts[level] = level == 0 ? part : enlarged(part, std::int64_t{1} << level);
  }
  return at::cat({parts[3], parts[2], parts[1], parts[0]}, 1);  // (1, 96, H/4, W/4)
}

at::Tensor TextDetector::forward(const at::Tensor& pixel_values) const {
  nn::check_shape(pixel_values, {1, 3, nn::kAny, nn::kAny}, "TextDetector");
  const std::int64_t height = pixel_values.size(2), width = pixel_values.size(3);
  check(height % kStride == 0 && width % kStride == 0, ErrorCode::kShape, "TextDetector: ", height,
        " x ", width, " px; both must be multiples of ", kStride);
  at::Tensor x = head_.forward(pyramid(backbone_.forward(pixel_values)));  // (1, 24, H/4, W/4)
  x = unfolded(up_[0].forward(x));                                         // (1, 24, H/2, W/2)
  x = unfolded(up_[1].forward(x));                                         // (1, 1, H, W)
  nn::check_finite(x, "text detection");
  return x.reshape({height, width}).sigmoid();
}

}  // namespace beholder::vision
