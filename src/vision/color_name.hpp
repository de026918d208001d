// What people call a colour.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace beholder::vision {

/// One of gray, red, blue, green, brown, purple, cyan, yellow, orange, pink, white, black: by hue,
/// and by saturation and brightness where these decide (brown is a dark orange, pink a pale red).
/// @param rgb sRGB, 0..255
std::string color_name(const std::array<std::uint8_t, 3>& rgb);

}  // namespace beholder::vision
