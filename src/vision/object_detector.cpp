#include "vision/object_detector.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "nn/shape.hpp"

namespace beholder::vision {
namespace {

using nn::Activation;
using nn::ConvShape;

constexpr std::int64_t kCoordinates = 2;  // x and y, which convolutions alone do not know

at::Tensor enlarged(const at::Tensor& x, const at::Tensor& like) {
  return at::upsample_nearest2d(x, {like.size(2), like.size(3)});
}

/// x from -1 at the left to 1 at the right, y likewise, behind the channels of a map.
at::Tensor with_coordinates(const at::Tensor& x) {
  const std::int64_t batch = x.size(0), height = x.size(2), width = x.size(3);
  const at::Tensor across =
      at::linspace(-1, 1, width, x.options()).view({1, 1, 1, width}).expand({batch, 1, height, -1});
  const at::Tensor down = at::linspace(-1, 1, height, x.options())
                              .view({1, 1, height, 1})
                              .expand({batch, 1, -1, width});
  return at::cat({x, across, down}, 1);  // (B, C + 2, h, w)
}

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

std::vector<float> softmax(const float* logits, std::int64_t count, std::int64_t stride) {
  std::vector<float> out(count);
  float largest = logits[0], sum = 0;
  for (std::int64_t i = 0; i < count; ++i) largest = std::max(largest, logits[i * stride]);
  for (std::int64_t i = 0; i < count; ++i) sum += out[i] = std::exp(logits[i * stride] - largest);
  for (float& value : out) value /= sum;
  return out;
}

}  // namespace

std::array<int, 2> detector_size(std::int64_t image_size, int width, int height) {
  const double longer = std::max(width, height), wanted = static_cast<double>(image_size);
  // A strip is seen with the area of a 4:3 picture, or its things would be too small.
  const double area = wanted * std::sqrt(0.75 / (static_cast<double>(width) * height));
  const double scale = std::clamp(area, wanted / longer, 2 * wanted / longer);
  const auto side = [&](int pixels) {
    const double scaled = scale * pixels;
    return 32 * std::max(1, static_cast<int>(std::lround(scaled / 32 + 1e-9)));
  };
  return {side(width), side(height)};
}

ObjectDetector::Unit::Unit(nn::ParameterSource& source, const std::string& name,
                           const ConvShape& shape)
    : conv_(source, name + ".conv", shape, Activation::kNone),
      norm_(source, name + ".norm", shape.out_channels, 1e-5) {}

at::Tensor ObjectDetector::Unit::forward(const at::Tensor& x) const {
  return at::relu(norm_.forward(conv_.forward(x).permute({0, 2, 3, 1}))).permute({0, 3, 1, 2});
}

ObjectDetector::ObjectDetector(nn::ParameterSource& source, const std::string& name,
                               const DetectorConfig& config)
    : config_(config),
      lateral4_(source, name + ".lateral4",
                {EfficientNetStem::kStride4Channels, config.width, 3, 2, 1}),
      lateral8_(source, name + ".lateral8",
                {EfficientNetStem::kStride8Channels, config.width, 1, 1, 1}),
      lateral16_(source, name + ".lateral16",
                 {EfficientNetStem::kStride16Channels, config.width, 1, 1, 1}),
      lateral32_(source, name + ".lateral32",
                 {EfficientNetStem::kLastChannels, config.width, 1, 1, 1}),
      merge16_(source, name + ".merge16", {config.width, config.width, 3, 1, 1}),
      merge8_(source, name + ".merge8", {config.width + kCoordinates, config.width, 3, 1, 1}),
      head_(source, name + ".head", {config.width, channels(), 1, 1, 1}, Activation::kNone) {
  const ConvShape same{config.width, config.width, 3, 1, 1};
  for (int i = 0; i < 2; ++i) {
    const std::string block = name + ".residuals." + std::to_string(i);
    residuals_.emplace_back(Unit(source, block + ".first", same),
                            Unit(source, block + ".second", same));
  }
}

at::Tensor mirrored_maps(const at::Tensor& maps) {
  const at::Tensor turned = maps.flip(2);
  at::Tensor out = turned.clone();
  // Channels: centre, x, y, left, top, right, bottom, across, depth.
  for (const std::int64_t sign : {1, 7}) out[sign].neg_();
  out[3].copy_(turned[5]);
  out[5].copy_(turned[3]);
  return out;
}

std::int64_t ObjectDetector::channels() const {
  std::int64_t count = kPlaces;
  for (const std::int64_t size : config_.attribute_sizes) count += size;
  return count;
}

at::Tensor ObjectDetector::forward(const PyramidFeatures& features) const {
  at::Tensor x = lateral16_.forward(features.stride16);  // (B, w, H/16, W/16)
  x = merge16_.forward(x + enlarged(lateral32_.forward(features.stride32), x));
  const at::Tensor fine = lateral8_.forward(features.stride8) + lateral4_.forward(features.stride4);
  x = merge8_.forward(with_coordinates(fine + enlarged(x, fine)));  // (B, w, H/8, W/8)
  for (const auto& [first, second] : residuals_) x = x + second.forward(first.forward(x));
  return head_.forward(x);  // (B, channels, H/8, W/8)
}

std::vector<Detection> ObjectDetector::read(const at::Tensor& maps, double min_confidence,
                                            std::size_t max_objects) const {
  nn::check_shape(maps, {channels(), nn::kAny, nn::kAny}, "ObjectDetector's maps");
  const at::Tensor plain = maps.contiguous();
  const std::int64_t height = plain.size(1), width = plain.size(2), cells = height * width;
  const float* const values = plain.data_ptr<float>();
  std::vector<Detection> out;
  for (std::int64_t row = 0; row < height; ++row)
    for (std::int64_t column = 0; column < width; ++column) {
      const std::int64_t cell = row * width + column;
      const float centre = values[cell];
      const float confidence = sigmoid(centre);
      if (confidence < min_confidence) continue;
      // A peak: no neighbour is higher; of equals the first one counts.
      bool peak = true;
      for (std::int64_t y = std::max<std::int64_t>(0, row - 1);
           y <= std::min(height - 1, row + 1) && peak; ++y)
        for (std::int64_t x = std::max<std::int64_t>(0, column - 1);
             x <= std::min(width - 1, column + 1); ++x) {
          const std::int64_t other = y * width + x;
          if (values[other] > centre || (values[other] == centre && other < cell)) peak = false;
        }
      if (!peak) continue;
      const auto at = [&](std::int64_t channel) { return values[channel * cells + cell]; };
      Detection found;
      found.confidence = confidence;
      const float pixels_wide = static_cast<float>(width) * kStride,
                  pixels_high = static_cast<float>(height) * kStride;
      const float x = (static_cast<float>(column) + 0.5f + at(1)) * kStride;
      const float y = (static_cast<float>(row) + 0.5f + at(2)) * kStride;
      const auto share = [](float pixels, float all) {
        return std::min(1.0f, std::max(0.0f, pixels / all));
      };
      found.x = x / pixels_wide;
      found.y = y / pixels_high;
      found.box = {
          share(x - at(3) * kBoxScale, pixels_wide), share(y - at(4) * kBoxScale, pixels_high),
          share(x + at(5) * kBoxScale, pixels_wide), share(y + at(6) * kBoxScale, pixels_high)};
      found.across = at(7) * kGroundScale;
      found.depth = at(8) * kGroundScale;
      std::int64_t channel = kPlaces;
      for (const std::int64_t size : config_.attribute_sizes) {
        found.attributes.push_back(softmax(values + channel * cells + cell, size, cells));
        channel += size;
      }
      out.push_back(std::move(found));
    }
  std::stable_sort(out.begin(), out.end(), [](const Detection& a, const Detection& b) {
    return a.confidence > b.confidence;
  });
  if (out.size() > max_objects) out.resize(max_objects);
  return out;
}

}  // namespace beholder::vision
