#include "vision/text_regions.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "core/check.hpp"

namespace beholder::vision {
namespace {

constexpr float kThreshold = 0.3f;   // of a pixel
constexpr double kLeastScore = 0.5;  // of a region
constexpr float kGrowth = 1.6f;      // times area / perimeter
constexpr float kLeastSide = 3;      // of what the network marks, px of the map
constexpr float kLeastGrown = 5;     // of a region, px of the map
constexpr float kLeastInPage = 4;    // of a region, px of the page
constexpr std::size_t kMostRegions = 1000;
/// From this height to width on, a line is taken to stand upright.
constexpr double kUpright = 1.5;

using Corners = std::array<cv::Point2f, 4>;

/// Upper left, upper right, lower right, lower left.
Corners corners_of(const cv::RotatedRect& rect) {
  Corners points;
  rect.points(points.data());
  std::sort(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  if (points[0].y > points[1].y) std::swap(points[0], points[1]);
  if (points[2].y > points[3].y) std::swap(points[2], points[3]);
  return {points[0], points[2], points[3], points[1]};
}

/// The mean of the map inside a rectangle.
double mean_inside(const cv::Mat& map, const Corners& corners) {
  const auto [left, right] = std::minmax({corners[0].x, corners[1].x, corners[2].x, corners[3].x});
  const auto [top, bottom] = std::minmax({corners[0].y, corners[1].y, corners[2].y, corners[3].y});
  const auto inside = [](float value, int size) {
    return std::clamp(static_cast<int>(value), 0, size - 1);
  };
  const int x0 = inside(std::floor(left), map.cols), x1 = inside(std::ceil(right), map.cols);
  const int y0 = inside(std::floor(top), map.rows), y1 = inside(std::ceil(bottom), map.rows);
  const cv::Rect part(x0, y0, x1 - x0 + 1, y1 - y0 + 1);
  std::vector<cv::Point> polygon;
  for (const cv::Point2f& corner : corners)
    polygon.emplace_back(static_cast<int>(corner.x - static_cast<float>(x0)),
                         static_cast<int>(corner.y - static_cast<float>(y0)));
  cv::Mat mask(part.size(), CV_8U, cv::Scalar(0));
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(1));
  return cv::mean(map(part), mask)[0];
}

float length(const Corner& a, const Corner& b) { return std::hypot(a[0] - b[0], a[1] - b[1]); }

cv::Mat pixels_of(const Image& image) {
  check(image.width > 0 && image.height > 0 &&
            image.rgb.size() == static_cast<std::size_t>(image.width) * image.height * 3,
        ErrorCode::kShape, "a picture of ", image.width, " x ", image.height, " px has ",
        image.rgb.size(), " bytes; width * height * 3 expected");
  return {image.height, image.width, CV_8UC3, const_cast<std::uint8_t*>(image.rgb.data())};
}

Image image_of(const cv::Mat& pixels) {
  const std::uint8_t* first = pixels.data;  // continuous: made by OpenCV in one piece
  return {pixels.cols, pixels.rows, {first, first + pixels.total() * 3}};
}

}  // namespace

std::vector<TextRegion> text_regions(const float* probability, int height, int width,
                                     int page_height, int page_width) {
  const cv::Mat map(height, width, CV_32F, const_cast<float*>(probability));
  cv::Mat marked = map > kThreshold;
  cv::dilate(marked, marked, cv::Mat::ones(2, 2, CV_8U));
  std::vector<std::vector<cv::Point>> contours;
  cv::findContours(marked, contours, cv::RETR_LIST, cv::CHAIN_APPROX_SIMPLE);
  std::vector<TextRegion> out;
  for (const auto& contour : contours) {
    if (out.size() == kMostRegions) break;
    cv::RotatedRect rect = cv::minAreaRect(contour);
    if (std::min(rect.size.width, rect.size.height) < kLeastSide) continue;
    const double score = mean_inside(map, corners_of(rect));
    if (score < kLeastScore) continue;
    const float grown = 2 * kGrowth * rect.size.area() / (2 * (rect.size.width + rect.size.height));
    rect.size += cv::Size2f(grown, grown);
    if (std::min(rect.size.width, rect.size.height) < kLeastGrown) continue;
    TextRegion region;
    region.score = static_cast<float>(score);
    const Corners corners = corners_of(rect);
    const auto placed = [](float at, int from, int to) {
      const float scaled = at / static_cast<float>(from) * static_cast<float>(to);
      return std::clamp(std::round(scaled), 0.0f, static_cast<float>(to - 1));
    };
    for (std::size_t i = 0; i < corners.size(); ++i)
      region.corners[i] = {placed(corners[i].x, width, page_width),
                           placed(corners[i].y, height, page_height)};
    if (length(region.corners[0], region.corners[1]) >= kLeastInPage &&
        length(region.corners[0], region.corners[3]) >= kLeastInPage)
      out.push_back(region);
  }
  return out;
}

Image straightened(const Image& page, const std::array<Corner, 4>& corners) {
  const auto side = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    const float longer = std::max(length(corners[a], corners[b]), length(corners[c], corners[d]));
    return std::max(1, static_cast<int>(longer));
  };
  const int wide = side(0, 1, 3, 2), high = side(0, 3, 1, 2);
  const auto right = static_cast<float>(wide), bottom = static_cast<float>(high);
  Corners from;
  for (std::size_t i = 0; i < from.size(); ++i) from[i] = {corners[i][0], corners[i][1]};
  const Corners to = {{{0, 0}, {right, 0}, {right, bottom}, {0, bottom}}};
  cv::Mat level;
  cv::warpPerspective(pixels_of(page), level, cv::getPerspectiveTransform(from.data(), to.data()),
                      {wide, high}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  if (high >= kUpright * wide) cv::rotate(level, level, cv::ROTATE_90_COUNTERCLOCKWISE);
  return image_of(level);
}

Image turned_half(const Image& image) {
  cv::Mat turned;
  cv::rotate(pixels_of(image), turned, cv::ROTATE_180);
  return image_of(turned);
}

}  // namespace beholder::vision
