#include "drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/output_check.hpp"
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

/// Light enough for dark letters on them.
const std::array<cv::Scalar, 8> kColors = {
    cv::Scalar{255, 120, 100}, {120, 220, 120}, {120, 180, 255}, {255, 220, 90},
    {235, 140, 240},           {110, 230, 230}, {255, 175, 90},  {200, 200, 200}};

}  // namespace

void check_drawing(const std::string& output, const std::string& picture, const std::string& model,
                   bool force) {
  vision::check_image_name(output);
  check_output_file(output, {picture, model}, force);
}

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
  vision::write_image(output, image);
}

void draw_boxes(const std::string& picture, const std::vector<LabelledBox>& boxes,
                const std::string& output) {
  vision::Image image = vision::load_image(picture);
  cv::Mat canvas(image.height, image.width, CV_8UC3, image.rgb.data());
  const double scale = std::clamp(std::min(image.width, image.height) / 640.0, 0.35, 3.0);
  const int line = std::max(1, static_cast<int>(std::lround(1.5 * scale)));
  int next = 0;
  for (const LabelledBox& one : boxes) {
    const cv::Scalar& color = kColors[(one.color < 0 ? next++ : one.color) % kColors.size()];
    const cv::Point upper(static_cast<int>(std::lround(one.box.left)),
                          static_cast<int>(std::lround(one.box.top)));
    const cv::Point lower(static_cast<int>(std::lround(one.box.right)) - 1,
                          static_cast<int>(std::lround(one.box.bottom)) - 1);
    cv::rectangle(canvas, upper, lower, color, line);
    if (one.label.empty()) continue;
    int below = 0;
    const cv::Size size =
        cv::getTextSize(one.label, cv::FONT_HERSHEY_SIMPLEX, 0.8 * scale, line, &below);
    // Above the box where there is room, and never beyond the picture.
    const int x = std::clamp(upper.x, 0, std::max(0, image.width - size.width));
    const int y = std::max(upper.y - below, size.height + 1);
    cv::rectangle(canvas, {x, y - size.height - 1}, {x + size.width, y + below}, color, cv::FILLED);
    cv::putText(canvas, one.label, {x, y}, cv::FONT_HERSHEY_SIMPLEX, 0.8 * scale, {20, 20, 20},
                line, cv::LINE_AA);
  }
  vision::write_image(output, image);
}

}  // namespace beholder::cli
