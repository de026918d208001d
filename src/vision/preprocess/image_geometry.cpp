#include "vision/preprocess/image_geometry.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "core/check.hpp"

namespace beholder::vision {
namespace {

constexpr int kLongestOfAll = 4096;  // MAX_IMAGE_SIZE of Idefics3's processor

ImageSize checked(double width, double height, ImageSize picture) {
  constexpr double kMost = 1 << 30;
  check(width <= kMost && height <= kMost, ErrorCode::kPictureTooLarge, "a picture of ",
        picture.width, "x", picture.height, " px would become ", width, "x", height,
        " px for this model; crop its long side");
  return {std::max(1, static_cast<int>(width)), std::max(1, static_cast<int>(height))};
}

// Products and quotients below are doubles in the reference's order, since they are then cut off.

ImageSize inside(const ResizeRule& rule, ImageSize in) {
  const double scale = std::min(static_cast<double>(rule.height) / in.height,
                                static_cast<double>(rule.width) / in.width);
  return checked(in.width * scale, in.height * scale, in);
}

ImageSize with_longest(int edge, ImageSize in) {
  const double ratio = static_cast<double>(in.width) / in.height;
  const bool wide = in.width >= in.height;
  int other = static_cast<int>(wide ? edge / ratio : edge * ratio);
  other = std::max(1, other + other % 2);
  ImageSize out = wide ? ImageSize{edge, other} : ImageSize{other, edge};
  if (edge <= kLongestOfAll) return out;
  const double rounded = static_cast<double>(out.width) / out.height;
  if (out.width >= out.height) return {kLongestOfAll, std::max(1, int(kLongestOfAll / rounded))};
  return {std::max(1, int(kLongestOfAll * rounded)), kLongestOfAll};
}

ImageSize with_shortest(int edge, ImageSize in) {
  const bool high = in.width <= in.height;
  const std::int64_t shorter = high ? in.width : in.height, longer = high ? in.height : in.width;
  const auto other = static_cast<double>(edge * longer / shorter);
  return high ? checked(edge, other, in) : checked(other, edge, in);
}

ImageSize with_shortest_below(int edge, int bound, ImageSize in) {
  const double least = std::min(in.width, in.height), most = std::max(in.width, in.height);
  double exact = edge;
  if (most / least * edge > bound) {
    exact = bound * least / most;
    edge = static_cast<int>(std::nearbyint(exact));  // halves to even, as Python's round
  }
  if (std::min(in.width, in.height) == edge) return in;
  return in.width < in.height ? checked(edge, exact * in.height / in.width, in)
                              : checked(exact * in.width / in.height, edge, in);
}

ImageSize with_divisor(int edge, int divisor, ImageSize in) {
  const int bound = static_cast<int>(1333.0 / 800 * edge);
  double scale = static_cast<double>(edge) / std::min(in.width, in.height);
  double height = in.height < in.width ? edge : scale * in.height;
  double width = in.height < in.width ? scale * in.width : edge;
  if (std::max(height, width) > bound) {
    scale = bound / std::max(height, width);
    height *= scale;
    width *= scale;
  }
  const auto floored = [&](double side) {
    return std::max(divisor, static_cast<int>(side + 0.5) / divisor * divisor);
  };
  return {floored(width), floored(height)};
}

int tiles_in(int side, int tile_size) { return (side + tile_size - 1) / tile_size; }

// The longer side to whole tiles first, the other one in proportion and then to whole tiles too.
TilePlan plan_of(ImageSize resized, int tile_size) {
  const double ratio = static_cast<double>(resized.width) / resized.height;
  int width = resized.width, height = resized.height;
  if (width >= height) {
    width = tiles_in(width, tile_size) * tile_size;
    height = static_cast<int>(width / ratio);
  } else {
    height = tiles_in(height, tile_size) * tile_size;
    width = static_cast<int>(height * ratio);
  }
  TilePlan plan{resized, {}, tiles_in(height, tile_size), tiles_in(width, tile_size)};
  plan.rows = std::max(1, plan.rows);
  plan.columns = std::max(1, plan.columns);
  plan.stretched = {plan.columns * tile_size, plan.rows * tile_size};
  if (plan.rows * plan.columns == 1) plan.rows = plan.columns = 0;
  return plan;
}

}  // namespace

ImageSize resized_size(const ResizeRule& rule, ImageSize picture) {
  switch (rule.fit) {
    case ResizeRule::Fit::kKeep: return picture;
    case ResizeRule::Fit::kExact: return {rule.width, rule.height};
    case ResizeRule::Fit::kInside: return inside(rule, picture);
    case ResizeRule::Fit::kLongestEdge: return with_longest(rule.longest_edge, picture);
    case ResizeRule::Fit::kShortestEdge:
      if (rule.size_divisor > 0)
        return with_divisor(rule.shortest_edge, rule.size_divisor, picture);
      if (rule.longest_edge > 0)
        return with_shortest_below(rule.shortest_edge, rule.longest_edge, picture);
      return with_shortest(rule.shortest_edge, picture);
  }
  fail(ErrorCode::kInternal, "unknown rule of resizing");
}

TilePlan plan_tiles(const ResizeRule& rule, int tile_size, ImageSize picture, int max_tiles) {
  const ImageSize resized = resized_size(rule, picture);
  TilePlan plan = plan_of(resized, tile_size);
  if (plan.rows * plan.columns <= max_tiles) return plan;
  for (int edge = tiles_in(std::max(resized.width, resized.height), tile_size) - 1; edge >= 2;
       --edge) {
    plan = plan_of(with_longest(edge * tile_size, picture), tile_size);
    if (plan.rows * plan.columns <= max_tiles) return plan;
  }
  return {resized, {tile_size, tile_size}, 0, 0};
}

}  // namespace beholder::vision
