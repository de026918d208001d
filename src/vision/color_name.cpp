#include "vision/color_name.hpp"

#include <algorithm>

namespace beholder::vision {

std::string color_name(const std::array<std::uint8_t, 3>& rgb) {
  const double r = rgb[0] / 255.0, g = rgb[1] / 255.0, b = rgb[2] / 255.0;
  const double value = std::max({r, g, b}), chroma = value - std::min({r, g, b});
  const double saturation = value > 0 ? chroma / value : 0;
  if (value < 0.2) return "black";
  if (saturation < 0.14 || chroma < 0.06) return value > 0.86 ? "white" : "gray";
  double hue = 0;  // degrees
  if (value == r)
    hue = 60 * (g - b) / chroma;
  else if (value == g)
    hue = 120 + 60 * (b - r) / chroma;
  else
    hue = 240 + 60 * (r - g) / chroma;
  if (hue < 0) hue += 360;
  const bool pale = saturation < 0.55 && value > 0.75;
  if (hue < 14 || hue >= 345) {
    if (value < 0.72 && saturation < 0.8) return "brown";
    return pale ? "pink" : "red";
  }
  if (hue < 45) return value < 0.72 ? "brown" : pale && hue < 25 ? "pink" : "orange";
  if (hue < 70) return value < 0.45 ? "brown" : "yellow";
  if (hue < 165) return "green";
  if (hue < 190) return "cyan";
  if (hue < 256) return "blue";
  if (hue < 300) return "purple";
  return value > 0.75 ? "pink" : "purple";
}

}  // namespace beholder::vision
