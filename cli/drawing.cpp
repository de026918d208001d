#include "drawing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/output_check.hpp"
#include "label_layout.hpp"
#include "vision/intake/image_color.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/intake/image_writer.hpp"

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

/// RGB, light enough for dark letters on them.
const std::array<cv::Scalar, 8> kColors = {
    cv::Scalar{255, 120, 100}, {120, 220, 120}, {120, 180, 255}, {255, 220, 90},
    {235, 140, 240},           {110, 230, 230}, {255, 175, 90},  {200, 200, 200}};

const cv::Scalar kDark{20, 20, 20};
constexpr int kFont = cv::FONT_HERSHEY_SIMPLEX;
constexpr double kFontHeight = 21;  // of capitals at scale 1, pixels
constexpr int kSmallSide = 320;     // pictures are enlarged up to it: their labels must be legible
constexpr int kLeastLetters = 10;   // pixels of height

/// How a picture is enlarged and lettered, and where the labels go then.
struct Lettering {
  int factor = 1;         ///< pixels a pixel
  double scale = 1;       ///< of the font
  int line = 1, pad = 1;  ///< widths in pixels
  std::vector<Area> boxes;
  LabelLayout layout;
};

/// In pixels of the enlarged picture, at least one pixel of it.
Area area_of(const Box& box, int factor, Extent picture) {
  const auto near = [&](double value, int most) {
    return std::clamp(static_cast<int>(std::lround(value * factor)), 0, most);
  };
  Area out{near(box.left, picture.width - 1), near(box.top, picture.height - 1),
           near(box.right, picture.width), near(box.bottom, picture.height)};
  out.right = std::max(out.right, out.left + 1);
  out.bottom = std::max(out.bottom, out.top + 1);
  return out;
}

Lettering letter(const std::vector<LabelledBox>& boxes, Extent picture, int factor,
                 double letters) {
  Lettering out;
  out.factor = factor;
  out.scale = letters / kFontHeight;
  out.line = std::max(1, static_cast<int>(std::lround(letters / 9)));
  out.pad = std::max(2, static_cast<int>(std::lround(letters / 5)));
  const Extent whole{picture.width * factor, picture.height * factor};
  std::vector<Extent> sizes;
  for (const LabelledBox& one : boxes) {
    out.boxes.push_back(area_of(one.box, factor, whole));
    int below = 0;
    const cv::Size size = cv::getTextSize(one.label, kFont, out.scale, out.line, &below);
    // Letters such as g reach below the line by a third of the capitals' height.
    sizes.push_back(one.label.empty()
                        ? Extent{}
                        : Extent{size.width + 2 * out.pad,
                                 static_cast<int>(std::lround(letters * 1.35)) + 2 * out.pad});
  }
  out.layout = place_labels(out.boxes, sizes, whole);
  return out;
}

/// The largest letters with which no label hides anything; where there are none, those with which
/// least is hidden.
Lettering best_lettering(const std::vector<LabelledBox>& boxes, Extent picture) {
  const int side = std::max(1, std::min(picture.width, picture.height));
  const int least_factor = (kSmallSide + side - 1) / side;
  Lettering best;
  bool first = true;
  for (const int factor : {least_factor, 2 * least_factor}) {
    const int longest = std::max(picture.width, picture.height) * factor;
    if (factor > least_factor && longest > 2400) break;  // large enough for small letters
    const double usual = std::clamp(side * factor / 32.0, 12.0, 64.0);
    for (const double share : {1.0, 0.8, 0.64, 0.5}) {
      const double letters = usual * share;
      if (letters < kLeastLetters) break;
      Lettering found = letter(boxes, picture, factor, letters);
      if (!first && found.layout.hidden >= best.layout.hidden - 0.05) continue;
      best = std::move(found);
      first = false;
      if (best.layout.hidden < 0.05) return best;
    }
  }
  return best;
}

/// From a label that lies away from its box to the nearest point of the box.
void draw_leader(cv::Mat& canvas, const Area& label, const Area& box, const cv::Scalar& color,
                 int line) {
  const auto nearest = [](int value, int low, int high) {
    return std::clamp(value, low, high - 1);
  };
  const int x = (label.left + label.right) / 2, y = (label.top + label.bottom) / 2;
  const cv::Point at(nearest(x, box.left, box.right), nearest(y, box.top, box.bottom));
  const cv::Point from(nearest(at.x, label.left, label.right),
                       nearest(at.y, label.top, label.bottom));
  if (std::abs(at.x - from.x) + std::abs(at.y - from.y) <= 2 * line + 2) return;
  cv::line(canvas, from, at, kDark, line + 2, cv::LINE_AA);
  cv::line(canvas, from, at, color, line, cv::LINE_AA);
}

}  // namespace

void check_drawing(const std::string& output, const std::string& picture, const std::string& model,
                   bool force) {
  vision::check_image_name(output);
  check_output_file(output, {picture, model}, force);
}

void draw_heatmap(const std::string& picture, const std::vector<double>& weights, int rows,
                  int columns, const std::string& output) {
  vision::Image image = vision::to_srgb(vision::load_image(picture), picture);
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
  vision::Image image = vision::to_srgb(vision::load_image(picture), picture);
  const Lettering lettering = best_lettering(boxes, {image.width, image.height});
  const int factor = lettering.factor, line = lettering.line;
  cv::Mat canvas(image.height, image.width, CV_8UC3, image.rgb.data());
  if (factor > 1) {
    cv::Mat larger;
    cv::resize(canvas, larger, {}, factor, factor, cv::INTER_NEAREST);
    image = {larger.cols, larger.rows, {larger.datastart, larger.dataend}};
    canvas = cv::Mat(image.height, image.width, CV_8UC3, image.rgb.data());
  }
  int next = 0;
  std::vector<cv::Scalar> colors;
  for (const LabelledBox& one : boxes)
    colors.push_back(kColors[(one.color < 0 ? next++ : one.color) % kColors.size()]);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    const Area& box = lettering.boxes[i];
    std::vector<cv::Point> frame;
    for (const Point& corner : boxes[i].outline)
      frame.emplace_back(static_cast<int>(std::lround(corner.x * factor)),
                         static_cast<int>(std::lround(corner.y * factor)));
    if (frame.empty())
      frame = {{box.left, box.top},
               {box.right - 1, box.top},
               {box.right - 1, box.bottom - 1},
               {box.left, box.bottom - 1}};
    cv::polylines(canvas, frame, true, kDark, line + 2);  // seen on light and on dark ground
    cv::polylines(canvas, frame, true, colors[i], line);
  }
  for (std::size_t i = 0; i < boxes.size(); ++i)
    if (!boxes[i].label.empty())
      draw_leader(canvas, lettering.layout.labels[i], lettering.boxes[i], colors[i], line);
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (boxes[i].label.empty()) continue;
    const Area& label = lettering.layout.labels[i];
    cv::rectangle(canvas, {label.left, label.top, label.width(), label.height()}, colors[i],
                  cv::FILLED);
    const int base =
        label.top + lettering.pad + static_cast<int>(std::lround(lettering.scale * kFontHeight));
    cv::putText(canvas, boxes[i].label, {label.left + lettering.pad, base}, kFont, lettering.scale,
                kDark, line, cv::LINE_AA);
  }
  vision::write_image(output, image);
}

}  // namespace beholder::cli
