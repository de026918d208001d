// Things in a photo as boxes of known kinds, by a single-shot detector.
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <string>
#include <vector>

#include "nn/convolution.hpp"
#include "vision/intake/image.hpp"
#include "vision/mobilenet_v2.hpp"

namespace beholder::vision {

/// One kind's claim to one place.
struct ScoredBox {
  std::array<float, 4> box{};  ///< left, top, right, bottom, as shares of the picture
  std::size_t kind = 0;
  float score = 0;  ///< 0..1
};

/// SSD over MobileNetV2 (Liu et al. 2016), shaped like ssd_mobilenet_v2_coco_2018_03_29 of
/// TensorFlow's Object Detection API: six maps, 3 anchors a cell on the first and 6 on the others,
/// a sigmoid for each kind. Anchors are of fixed sizes in pixels, as learned at 300 x 300, so that
/// the same things are seen larger in a larger picture.
class SsdDetector {
 public:
  /// @param kinds things that are told apart
  SsdDetector(nn::ParameterSource& source, const std::string& name, std::int64_t kinds);

  /// Raw predictions of all anchors, map by map, row by row.
  struct Output {
    at::Tensor boxes;   // (A, 4): x, y, log width, log height, against the anchors
    at::Tensor scores;  // (A, kinds), logits
    std::vector<std::array<std::int64_t, 2>> maps;  ///< rows and columns of each map
  };

  /// @param pixel_values (1, 3, H, W), RGB from -1 to 1
  /// @param fine_only the first map alone, whose things are small, for half of the time
  Output forward(const at::Tensor& pixel_values, bool fine_only = false) const;

  /// Every claim of at least `min_score` in the picture as it is, unsorted and overlapping.
  /// @param min_score between 0 and 1, both excluded
  /// @throws Error kModelFormat for weights that are not finite
  std::vector<ScoredBox> detect(const Image& image, float min_score, bool fine_only = false) const;
  /// The same of its mirror image, with the boxes turned back.
  std::vector<ScoredBox> detect_mirrored(const Image& image, float min_score,
                                         bool fine_only = false) const;

 private:
  std::vector<ScoredBox> read(const Output& output, const Image& image, float min_score) const;

  struct Extra {
    nn::Conv2d narrow, depthwise, widen;
  };

  std::int64_t kinds_;
  MobileNetV2 body_;
  std::vector<Extra> extras_;
  std::vector<nn::Conv2d> boxes_, scores_;  // one a map
};

}  // namespace beholder::vision
