// Samples of a decoder, 8 bits each, put together to RGB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "vision/intake/image.hpp"

namespace beholder::vision {

enum class Alpha { kNone, kStraight, kPremultiplied };

/// What the channels of a pixel are; with alpha, that one comes last.
struct SampleKind {
  int colors = 3;  ///< 1: grey, 3: R G B, 4: C M Y K (0: no ink)
  Alpha alpha = Alpha::kNone;
  int channels() const { return colors + (alpha == Alpha::kNone ? 0 : 1); }
};

/// (height, width, channels) to RGB: grey three times, inks as Pillow converts them, alpha over
/// white.
Image from_samples(const std::vector<std::uint8_t>& samples, int width, int height,
                   const SampleKind& kind);

}  // namespace beholder::vision
