// Pictures of different sizes in one batch.
#pragma once

#include <cstdint>
#include <vector>

#include "vision/preprocess/image_processor.hpp"

namespace beholder::vision {

/// What `do_pad` of transformers' processors makes of a batch: all as large as the largest, with
/// zeros right and below, and as many images each as the picture that has most.
struct PixelBatch {
  int pictures = 0, images = 0, height = 0, width = 0;
  std::vector<float> pixel_values;       ///< (pictures, images, 3, height, width)
  std::vector<std::uint8_t> pixel_mask;  ///< (pictures, images, height, width); 1: not padded
};

/// @throws Error kShape for no picture at all
PixelBatch pad_batch(const std::vector<ProcessedImage>& pictures);

}  // namespace beholder::vision
