#include "vision/ssd_detector.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"
#include "nn/finite.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {
namespace {

using nn::Activation;

struct ExtraShape {
  std::int64_t narrow, wide;
};
constexpr ExtraShape kExtras[] = {{256, 512}, {128, 256}, {128, 256}, {64, 128}};
constexpr std::size_t kMaps = 6;
constexpr std::int64_t kFirstAnchors = 3, kAnchors = 6;  // a cell

struct Anchor {
  float width, height;  // px
};

/// The anchors of each cell of a map, as `ssd_anchor_generator` makes them with
/// reduce_boxes_in_lowest_layer.
std::vector<Anchor> anchors_of(std::size_t map) {
  constexpr double kSize = 300, kLeast = 0.2, kMost = 0.95;
  const auto scale = [&](std::size_t i) {
    return i == kMaps ? 1.0 : kLeast + (kMost - kLeast) * static_cast<double>(i) / (kMaps - 1);
  };
  std::vector<Anchor> out;
  const auto add = [&](double size, double ratio) {
    out.push_back({static_cast<float>(kSize * size * std::sqrt(ratio)),
                   static_cast<float>(kSize * size / std::sqrt(ratio))});
  };
  if (map == 0) {
    add(0.1, 1);
    add(kLeast, 2);
    add(kLeast, 0.5);
    return out;
  }
  for (const double ratio : {1.0, 2.0, 0.5, 3.0, 0.3333}) add(scale(map), ratio);
  add(std::sqrt(scale(map) * scale(map + 1)), 1);
  return out;
}

float sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

at::Tensor pixels_of(const Image& image, bool mirrored) {
  ImageProcessorConfig range;  // bytes to -1..1
  range.image_mean = range.image_std = {0.5f, 0.5f, 0.5f};
  at::Tensor out = at::empty({1, 3, image.height, image.width});
  ImageProcessor(range).process(image, image.width, image.height, out.data_ptr<float>(), mirrored);
  return out;
}

/// (1, n * wide, h, w) -> (h * w * n, wide)
at::Tensor flattened(const at::Tensor& map, std::int64_t wide) {
  return map.permute({0, 2, 3, 1}).reshape({-1, wide});
}

}  // namespace

SsdDetector::SsdDetector(nn::ParameterSource& source, const std::string& name, std::int64_t kinds)
    : kinds_(kinds), body_(source, name) {
  std::vector<std::int64_t> channels{MobileNetV2::kStride16Channels,
                                     MobileNetV2::kStride32Channels};
  for (const auto& [narrow, wide] : kExtras) {
    const std::string extra = name + ".extras." + std::to_string(extras_.size());
    extras_.push_back(
        {nn::Conv2d(source, extra + ".narrow", {channels.back(), narrow, 1, 1, 1},
                    Activation::kRelu6),
         nn::Conv2d(source, extra + ".depthwise", {narrow, narrow, 3, 2, narrow},
                    Activation::kRelu6),
         nn::Conv2d(source, extra + ".widen", {narrow, wide, 1, 1, 1}, Activation::kRelu6)});
    channels.push_back(wide);
  }
  for (std::size_t map = 0; map < kMaps; ++map) {
    const std::int64_t anchors = map == 0 ? kFirstAnchors : kAnchors;
    const std::string end = "." + std::to_string(map);
    boxes_.emplace_back(source, name + ".boxes" + end,
                        nn::ConvShape{channels[map], anchors * 4, 3, 1, 1}, Activation::kNone);
    scores_.emplace_back(source, name + ".scores" + end,
                         nn::ConvShape{channels[map], anchors * kinds, 3, 1, 1}, Activation::kNone);
  }
}

SsdDetector::Output SsdDetector::forward(const at::Tensor& pixel_values, bool fine_only) const {
  const MobileNetFeatures features = body_.forward(pixel_values, fine_only);
  std::vector<at::Tensor> maps{features.stride16};
  if (!fine_only) {
    maps.push_back(features.stride32);
    for (const Extra& extra : extras_)
      maps.push_back(
          extra.widen.forward(extra.depthwise.forward(extra.narrow.forward(maps.back()))));
  }
  Output out;
  std::vector<at::Tensor> boxes, scores;
  for (std::size_t map = 0; map < maps.size(); ++map) {
    boxes.push_back(flattened(boxes_[map].forward(maps[map]), 4));
    scores.push_back(flattened(scores_[map].forward(maps[map]), kinds_));
    out.maps.push_back({maps[map].size(2), maps[map].size(3)});
  }
  out.boxes = at::cat(boxes);    // (A, 4)
  out.scores = at::cat(scores);  // (A, kinds)
  return out;
}

std::vector<ScoredBox> SsdDetector::detect(const Image& image, float min_score,
                                           bool fine_only) const {
  return read(forward(pixels_of(image, false), fine_only), image, min_score);
}

std::vector<ScoredBox> SsdDetector::detect_mirrored(const Image& image, float min_score,
                                                    bool fine_only) const {
  std::vector<ScoredBox> out = read(forward(pixels_of(image, true), fine_only), image, min_score);
  for (ScoredBox& one : out) one.box = {1 - one.box[2], one.box[1], 1 - one.box[0], one.box[3]};
  return out;
}

std::vector<ScoredBox> SsdDetector::read(const Output& output, const Image& image,
                                         float min_score) const {
  check(min_score > 0 && min_score < 1, ErrorCode::kInternal, "min_score is ", min_score);
  nn::check_finite(output.boxes, "photo objects");
  nn::check_finite(output.scores, "photo objects");
  const float* box = output.boxes.data_ptr<float>();
  const float* logits = output.scores.data_ptr<float>();
  const float least = std::log(min_score / (1 - min_score));
  const auto wide = static_cast<float>(image.width), high = static_cast<float>(image.height);
  std::vector<ScoredBox> out;
  for (std::size_t map = 0; map < output.maps.size(); ++map) {
    const std::vector<Anchor> anchors = anchors_of(map);
    const auto [rows, columns] = output.maps[map];
    for (std::int64_t cell = 0; cell < rows * columns; ++cell)
      for (const Anchor& anchor : anchors) {
        for (std::int64_t kind = 0; kind < kinds_; ++kind) {
          if (logits[kind] < least) continue;
          // Variances of the box coder: 10 of a centre's units a side, 5 of a logarithm's.
          const auto place = [](std::int64_t at, std::int64_t all) {
            return (static_cast<float>(at) + 0.5f) / static_cast<float>(all);
          };
          const float x = place(cell % columns, columns) + box[0] / 10 * anchor.width / wide;
          const float y = place(cell / columns, rows) + box[1] / 10 * anchor.height / high;
          const float half_width = std::exp(box[2] / 5) * anchor.width / wide / 2;
          const float half_height = std::exp(box[3] / 5) * anchor.height / high / 2;
          const auto share = [](float value) { return std::clamp(value, 0.0f, 1.0f); };
          out.push_back({{share(x - half_width), share(y - half_height), share(x + half_width),
                          share(y + half_height)},
                         static_cast<std::size_t>(kind),
                         sigmoid(logits[kind])});
        }
        box += 4;
        logits += kinds_;
      }
  }
  return out;
}

}  // namespace beholder::vision
