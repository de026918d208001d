#include "label_layout.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace beholder::cli {
namespace {

constexpr int kRounds = 3;
/// What lies on another label cannot be read; what lies on an object hides it.
constexpr double kOnLabel = 100, kOnObject = 10, kAway = 1;
/// A box that is this much larger than a label loses little by it, and may fill the whole picture.
constexpr double kLarge = 40;

double area(const Area& one) { return static_cast<double>(one.width()) * one.height(); }

double overlap(const Area& a, const Area& b) {
  const int width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const int height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? static_cast<double>(width) * height : 0;
}

double gap(const Area& a, const Area& b) {
  const double x = std::max({0, a.left - b.right, b.left - a.right});
  const double y = std::max({0, a.top - b.bottom, b.top - a.bottom});
  return std::hypot(x, y);
}

class Placer {
 public:
  Placer(const std::vector<Area>& boxes, const std::vector<Extent>& sizes, Extent picture)
      : boxes_(boxes),
        sizes_(sizes),
        picture_(picture),
        labels_(boxes.size()),
        placed_(boxes.size(), false) {}

  LabelLayout run() {
    // Small boxes first: large ones have more places to choose from.
    std::vector<std::size_t> order(boxes_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return area(boxes_[a]) < area(boxes_[b]);
    });
    for (int round = 0; round < kRounds; ++round)
      for (const std::size_t i : order)
        if (sizes_[i].width > 0) place(i);
    LabelLayout out;
    out.labels = labels_;
    for (std::size_t i = 0; i < boxes_.size(); ++i)
      if (placed_[i]) out.hidden += hides(i, labels_[i], 1, 1);
    return out;
  }

 private:
  /// The area of that label's size whose upper left corner lies there, moved into the picture.
  Area at(std::size_t i, int left, int top) const {
    const Extent size = sizes_[i];
    left = std::clamp(left, 0, std::max(0, picture_.width - size.width));
    top = std::clamp(top, 0, std::max(0, picture_.height - size.height));
    return {left, top, left + size.width, top + size.height};
  }

  double hides(std::size_t i, const Area& label, double on_label, double on_object) const {
    double out = 0;
    const double own = area(label);
    for (std::size_t k = 0; k < boxes_.size(); ++k) {
      if (k != i && placed_[k]) out += on_label * overlap(label, labels_[k]) / own;
      const double large = area(boxes_[k]) > kLarge * own ? 0.2 : 1;
      out += on_object * large * overlap(label, boxes_[k]) / own;
    }
    return out;
  }

  /// Of standing away from its box; at most ten times `kAway`.
  double distance_cost(std::size_t i, const Area& label) const {
    const double away = gap(label, boxes_[i]) / std::max(1, sizes_[i].height);
    return kAway * away / (1 + 0.1 * away);
  }

  void place(std::size_t i) {
    placed_[i] = false;
    const Area& box = boxes_[i];
    const Extent size = sizes_[i];
    const int across = box.left + (box.width() - size.width) / 2;
    const int down = box.top + (box.height() - size.height) / 2;
    const int above = box.top - size.height, before = box.left - size.width;
    const int flush_right = box.right - size.width, flush_bottom = box.bottom - size.height;
    double least = std::numeric_limits<double>::infinity();
    const auto offer = [&](int left, int top, double dislike) {
      const Area label = at(i, left, top);
      const double apart = distance_cost(i, label) + dislike;
      if (apart >= least) return;  // most places of a large picture: nothing more to look at
      const double total = apart + hides(i, label, kOnLabel, kOnObject);
      if (total >= least) return;
      least = total;
      labels_[i] = label;
    };
    double dislike = 0;
    for (const auto& [left, top] : std::vector<std::pair<int, int>>{{box.left, above},
                                                                    {box.left, box.bottom},
                                                                    {flush_right, above},
                                                                    {flush_right, box.bottom},
                                                                    {across, above},
                                                                    {across, box.bottom},
                                                                    {box.right, box.top},
                                                                    {box.right, flush_bottom},
                                                                    {before, box.top},
                                                                    {before, flush_bottom},
                                                                    {box.right, down},
                                                                    {before, down},
                                                                    {box.left, box.top},
                                                                    {flush_right, flush_bottom}})
      offer(left, top, 0.001 * dislike++);
    if (least >= 0.1) {
      const int step = std::max(2, size.height / 2);
      for (int top = 0; top + size.height <= picture_.height; top += step)
        for (int left = 0; left + size.width <= picture_.width; left += step) offer(left, top, 0.1);
    }
    placed_[i] = true;
  }

  const std::vector<Area>& boxes_;
  const std::vector<Extent>& sizes_;
  const Extent picture_;
  std::vector<Area> labels_;
  std::vector<bool> placed_;
};

}  // namespace

LabelLayout place_labels(const std::vector<Area>& boxes, const std::vector<Extent>& sizes,
                         Extent picture) {
  return Placer(boxes, sizes, picture).run();
}

}  // namespace beholder::cli
