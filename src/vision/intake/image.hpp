// The decoded picture that every route of the intake ends in.
#pragma once

#include <cstdint>
#include <vector>

namespace beholder::vision {

/// A picture as a person sees it: upright, opaque, 8 bits a channel.
struct Image {
  int width = 0;                  ///< columns, at least 1
  int height = 0;                 ///< rows, at least 1
  std::vector<std::uint8_t> rgb;  ///< (height, width, 3), row-major, R G B
  /// The colour profile that the file carries for these values; empty where they are sRGB, or where
  /// nothing is said. `to_srgb` of image_color.hpp applies it.
  std::vector<std::uint8_t> icc_profile = {};
  /// (height, width, 4), C M Y K, 0: no ink; only where a profile of inks is there to apply.
  std::vector<std::uint8_t> cmyk = {};
};

}  // namespace beholder::vision
