// Where the labels of boxes go in a picture, so that they can be read and hide little.
#pragma once

#include <vector>

namespace beholder::cli {

/// In pixels; right and bottom lie outside.
struct Area {
  int left = 0, top = 0, right = 0, bottom = 0;
  int width() const { return right - left; }
  int height() const { return bottom - top; }
};

struct Extent {
  int width = 0, height = 0;
};

/// Labels and what was left of the aim.
struct LabelLayout {
  std::vector<Area> labels;  ///< one a box, in order, within the picture; empty for an empty label
  double hidden = 0;         ///< how many labels' areas lie on other labels or on objects; 0: none
};

/// Puts a label of each size at its box: beside it where there is room, else at the nearest free
/// place, else where it hides least. Greedy placement and then some rounds in which each label
/// moves to its best place among the others (Christensen, Marks and Shieber 1995, "An Empirical
/// Study of Algorithms for Point-Feature Label Placement", use such descent as their simplest
/// method).
/// @param boxes within the picture  @param sizes as many; {0, 0} for no label
LabelLayout place_labels(const std::vector<Area>& boxes, const std::vector<Extent>& sizes,
                         Extent picture);

}  // namespace beholder::cli
