// Overlapping claims of several looks at one picture, made one box for each thing.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "vision/ssd_detector.hpp"

namespace beholder::vision {

/// A thing with what each look says of it.
struct MergedBox {
  std::array<float, 4> box{};  ///< left, top, right, bottom, as shares of the picture
  std::size_t kind = 0;
  std::vector<float>
      scores;  ///< each look's highest for this box and kind; 0: it has no such claim
};

/// Intersection over union. @param a, b left, top, right, bottom
float intersection_over_union(const std::array<float, 4>& a, const std::array<float, 4>& b);

/// Kind by kind the highest claim of all looks stands for a thing, and claims whose intersection
/// over union with it is above 0.35 are no others; its box is the mean, weighed by scores, of those
/// with 0.6 or more.
/// @param looks claims about the same picture  @return highest first
std::vector<MergedBox> merge_boxes(const std::vector<std::vector<ScoredBox>>& looks);

}  // namespace beholder::vision
