#include "drawing.hpp"

#include <algorithm>
#include <cmath>

#include "vision/image_decoder.hpp"
#include "vision/image_writer.hpp"

namespace beholder::cli {
namespace {

/// Between four cells, their centres at halves; the border's cells go on to the edge.
double between(const std::vector<double>& weights, int rows, int columns, double row,
               double column) {
  const auto at = [&](int r, int c) {
    r = std::clamp(r, 0, rows - 1);
    c = std::clamp(c, 0, columns - 1);
    return weights[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                   static_cast<std::size_t>(c)];
  };
  const double y = row - 0.5, x = column - 0.5;
  const int r = static_cast<int>(std::floor(y)), c = static_cast<int>(std::floor(x));
  const double down = y - r, across = x - c;
  return (at(r, c) * (1 - across) + at(r, c + 1) * across) * (1 - down) +
         (at(r + 1, c) * (1 - across) + at(r + 1, c + 1) * across) * down;
}

}  // namespace

void draw_heatmap(const std::string& picture, const std::vector<double>& weights, int rows,
                  int columns, const std::string& output) {
  vision::Image image = vision::load_image(picture);
  const double most = *std::max_element(weights.begin(), weights.end());
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x) {
      const double heat = between(weights, rows, columns, (y + 0.5) * rows / image.height,
                                  (x + 0.5) * columns / image.width) /
                          (most > 0 ? most : 1);
      // Blue, green, red; where little was looked at, the picture stays as it is, but darker.
      const double color[] = {std::clamp(2 * heat - 0.6, 0.0, 1.0), 1 - std::abs(2 * heat - 1),
                              std::clamp(1 - 2 * heat, 0.0, 1.0)};
      const double share = 0.15 + 0.45 * heat;
      for (int c = 0; c < 3; ++c) {
        std::uint8_t& value = image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x) + c];
        value = static_cast<std::uint8_t>(value * (1 - share) * (0.7 + 0.3 * heat) +
                                          255 * share * color[c] + 0.5);
      }
    }
  vision::write_png(output, image);
}

}  // namespace beholder::cli
