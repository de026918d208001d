// A picture cut into the squares that plain vision transformers read (Dosovitskiy et al. 2021).
#pragma once

#include <ATen/ATen.h>

namespace beholder::vision {

/// @param pixel_values (B, 3, rows * side, columns * side)  @param side of a patch, pixels
/// @return (B, rows * columns, 3 * side²) row by row from the top left
inline at::Tensor patches_of(const at::Tensor& pixel_values, std::int64_t side) {
  const std::int64_t batch = pixel_values.size(0);
  const std::int64_t rows = pixel_values.size(2) / side, columns = pixel_values.size(3) / side;
  return pixel_values.reshape({batch, 3, rows, side, columns, side})
      .permute({0, 2, 4, 1, 3, 5})  // (B, rows, columns, 3, side, side)
      .reshape({batch, rows * columns, 3 * side * side});
}

}  // namespace beholder::vision
