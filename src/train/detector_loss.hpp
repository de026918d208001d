// What the detector's maps should be, and how far they are from it.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "train/detector_data.hpp"

namespace beholder::train {

/// Of a batch of B pictures with n objects, on maps of h x w cells.
struct DetectorTargets {
  at::Tensor centre;      ///< (B, h, w) 1 at an object's cell, falling off around it
  at::Tensor cells;       ///< (n) places of the objects' cells in a flat (B, h, w)
  at::Tensor places;      ///< (n, kPlaces - 1)
  at::Tensor weights;     ///< (n, kPlaces - 1) of their differences
  at::Tensor attributes;  ///< (n, attributes) int64, -1: not known
};

/// @param batch the objects of each picture  @param width, height of the pictures, in pixels
/// @param attributes how many each object has
DetectorTargets detector_targets(const std::vector<std::vector<ObjectTruth>>& batch, int width,
                                 int height, std::size_t attributes);

/// Focal loss of the centres, L1 of places and boxes, cross-entropy of the attributes that are
/// known; each a mean over objects.
/// @param maps (B, C, h, w) of ObjectDetector::forward  @param sizes values of each attribute
at::Tensor detector_loss(const at::Tensor& maps, const DetectorTargets& targets,
                         const std::vector<std::int64_t>& sizes);

}  // namespace beholder::train
