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
};

}  // namespace beholder::vision
