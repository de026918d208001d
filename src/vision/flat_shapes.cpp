#include "vision/flat_shapes.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <opencv2/imgproc.hpp>

namespace beholder::vision {
namespace {

using Color = std::array<std::uint8_t, 3>;

constexpr int kSameTone = 20;          // largest difference of a channel within one tone
constexpr int kApart = 40;             // least difference of a shape from the ground, some channel
constexpr double kPlainBorder = 0.85;  // share of the border that has the ground's tone
constexpr double kLeastArea = 0.0008;  // of the picture, for a shape
constexpr double kSpecks = 0.0005;     // of the picture, that may be left over
constexpr int kMostShapes = 12;

int difference(const std::uint8_t* pixel, const Color& color) {
  int most = 0;
  for (int c = 0; c < 3; ++c) most = std::max(most, std::abs(pixel[c] - color[c]));
  return most;
}

/// The middle value of each channel.
Color median(std::vector<const std::uint8_t*>& pixels) {
  Color out{};
  const auto middle = pixels.begin() + static_cast<std::ptrdiff_t>(pixels.size() / 2);
  for (std::size_t c = 0; c < 3; ++c) {
    std::nth_element(pixels.begin(), middle, pixels.end(),
                     [&](const auto* a, const auto* b) { return a[c] < b[c]; });
    out[c] = (*middle)[c];
  }
  return out;
}

std::optional<Color> ground_of(const Image& image) {
  std::vector<const std::uint8_t*> border;
  const auto at = [&](int x, int y) {
    return &image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x)];
  };
  for (int x = 0; x < image.width; ++x)
    for (const int y : {0, image.height - 1}) border.push_back(at(x, y));
  for (int y = 0; y < image.height; ++y)
    for (const int x : {0, image.width - 1}) border.push_back(at(x, y));
  const Color tone = median(border);
  const auto plain = std::count_if(border.begin(), border.end(), [&](const auto* pixel) {
    return difference(pixel, tone) <= kSameTone;
  });
  if (static_cast<double>(plain) < kPlainBorder * static_cast<double>(border.size())) return {};
  return tone;
}

/// What the outline is of; empty when it is none of the three.
std::string shape_of(const std::vector<cv::Point>& outline, double area) {
  cv::Point2f middle;
  float radius = 0;
  cv::minEnclosingCircle(outline, middle, radius);
  // Outlines run through the middles of pixels, and the area counts those that are mostly inside.
  const double circle = CV_PI * (radius + 0.25) * (radius + 0.25);
  if (area > 0.88 * circle) return "circle";
  const cv::RotatedRect turned = cv::minAreaRect(outline);
  const double wide = turned.size.width + 0.7, high = turned.size.height + 0.7;
  if (area > 0.89 * wide * high)
    return std::max(wide, high) < 1.15 * std::min(wide, high) ? "square" : "rectangle";
  std::vector<cv::Point2f> corners;
  const double triangle = cv::minEnclosingTriangle(outline, corners);
  const double rim = corners.size() == 3 ? cv::arcLength(corners, true) : 0;
  if (area > 0.85 * (triangle + rim / 2) && area < 0.62 * circle) return "triangle";
  return "";
}

}  // namespace

std::optional<std::vector<FlatShape>> read_flat_shapes(const Image& image) {
  constexpr int kLeastSide = 12;
  if (std::min(image.width, image.height) < kLeastSide) return {};
  const auto ground = ground_of(image);
  if (!ground) return {};
  cv::Mat mask(image.height, image.width, CV_8U);
  for (int y = 0; y < image.height; ++y)
    for (int x = 0; x < image.width; ++x)
      mask.at<std::uint8_t>(y, x) =
          difference(&image.rgb[3 * (static_cast<std::size_t>(y) * image.width + x)], *ground) >
                  kApart / 2
              ? 255
              : 0;
  cv::Mat labels, stats, middles;
  const int parts = cv::connectedComponentsWithStats(mask, labels, stats, middles, 8);
  const double all = static_cast<double>(image.width) * image.height;
  double specks = 0;
  std::vector<FlatShape> out;
  for (int part = 1; part < parts; ++part) {
    const int left = stats.at<int>(part, cv::CC_STAT_LEFT),
              top = stats.at<int>(part, cv::CC_STAT_TOP);
    const int wide = stats.at<int>(part, cv::CC_STAT_WIDTH);
    const int high = stats.at<int>(part, cv::CC_STAT_HEIGHT);
    const double area = stats.at<int>(part, cv::CC_STAT_AREA);
    if (area < kLeastArea * all) {
      specks += area;
      if (specks > kSpecks * all) return {};
      continue;
    }
    if (static_cast<int>(out.size()) == kMostShapes) return {};
    const cv::Mat own = labels(cv::Rect(left, top, wide, high)) == part;
    // The rim is blurred where the picture was enlarged or drawn smoothly.
    cv::Mat core;
    const int rim = std::max(1, std::min(wide, high) / 10);
    cv::erode(own, core, cv::getStructuringElement(cv::MORPH_RECT, {2 * rim + 1, 2 * rim + 1}),
              {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
    std::vector<const std::uint8_t*> pixels;
    for (int y = 0; y < high; ++y)
      for (int x = 0; x < wide; ++x)
        if (core.at<std::uint8_t>(y, x) != 0)
          pixels.push_back(
              &image.rgb[3 * (static_cast<std::size_t>(top + y) * image.width + left + x)]);
    if (pixels.size() < 4) return {};
    FlatShape shape;
    shape.rgb = median(pixels);
    const auto same = std::count_if(pixels.begin(), pixels.end(), [&](const auto* pixel) {
      return difference(pixel, shape.rgb) <= kSameTone;
    });
    if (static_cast<double>(same) < 0.97 * static_cast<double>(pixels.size()) ||
        difference(shape.rgb.data(), *ground) < kApart)
      return {};
    std::vector<std::vector<cv::Point>> outlines;
    cv::findContours(own, outlines, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    if (outlines.size() != 1) return {};
    shape.shape = shape_of(outlines.front(), area);
    if (shape.shape.empty()) return {};
    shape.box = {static_cast<float>(left) / image.width, static_cast<float>(top) / image.height,
                 static_cast<float>(left + wide) / image.width,
                 static_cast<float>(top + high) / image.height};
    shape.x = (shape.box[0] + shape.box[2]) / 2;
    shape.y = (shape.box[1] + shape.box[3]) / 2;
    shape.radius =
        static_cast<float>(std::sqrt(area / CV_PI) / std::min(image.width, image.height));
    out.push_back(std::move(shape));
  }
  if (out.empty()) return {};
  return out;
}

}  // namespace beholder::vision
