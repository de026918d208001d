#include "scene/scene_relations.hpp"

#include <algorithm>
#include <cmath>

#include "core/logistic.hpp"

namespace beholder::scene {
namespace {

double area(const Box& box) { return (box.right - box.left) * (box.bottom - box.top); }

double overlap(const Box& a, const Box& b) {
  const double width = std::min(a.right, b.right) - std::max(a.left, b.left);
  const double height = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/// How sure a comparison of two places is, when each is off by about `error`.
double sure(double difference, double error) { return sigmoid(difference / error); }

class Relater {
 public:
  explicit Relater(const SceneView& view) : view_(view) {}

  std::vector<Relation> all() {
    for (std::size_t a = 0; a < view_.objects.size(); ++a)
      for (std::size_t b = 0; b < view_.objects.size(); ++b)
        if (a != b) relate(a, b);
    std::stable_sort(out_.begin(), out_.end(), [](const Relation& x, const Relation& y) {
      return x.confidence > y.confidence;
    });
    return std::move(out_);
  }

 private:
  void say(std::size_t a, const char* relation, std::size_t b, double certainty) {
    const Object &subject = view_.objects[a], &object = view_.objects[b];
    out_.push_back(
        {subject, relation, object, certainty * std::min(subject.confidence, object.confidence)});
  }

  void relate(std::size_t a, std::size_t b) {
    const program::Thing &one = view_.world.things[a], &other = view_.world.things[b];
    if (view_.ground == Ground::kSolid) {
      constexpr double kError = 0.08;  // of a place on the ground
      const double across = one.across - other.across, away = one.depth - other.depth;
      say(a, across < 0 ? "left of" : "right of", b, sure(std::abs(across), kError));
      say(a, away < 0 ? "in front of" : "behind", b, sure(std::abs(away), kError));
      return;
    }
    const Box &box = view_.objects[a].box, &around = view_.objects[b].box;
    const double shared = overlap(box, around);
    const double mine = area(box), theirs = area(around);
    const double size = std::sqrt(std::max(1.0, std::max(mine, theirs)));
    const double across = one.across - other.across, up = one.height - other.height;
    const bool inside = shared > 0.9 * mine && mine < 0.5 * theirs;
    if (inside) {
      say(a, "inside", b, shared / mine);
    } else {
      // Its foot on the other's upper half, and standing within its width.
      const double middle = (box.left + box.right) / 2;
      const bool foot = box.bottom > around.top && box.bottom < (around.top + around.bottom) / 2 &&
                        box.top < around.top && middle > around.left && middle < around.right;
      if (foot) say(a, "on", b, 0.7);
    }
    if (std::abs(across) > 0.5 * size && !inside)
      say(a, across < 0 ? "left of" : "right of", b, sure(std::abs(across), 0.2 * size));
    if (std::abs(up) > 0.5 * size && !inside)
      say(a, up > 0 ? "above" : "below", b, sure(std::abs(up), 0.2 * size));
    const double gap_x = std::max({0.0, box.left - around.right, around.left - box.right});
    const double gap_y = std::max({0.0, box.top - around.bottom, around.top - box.bottom});
    if (!inside && std::hypot(gap_x, gap_y) < 0.15 * size) say(a, "near", b, 0.8);
    if (mine > 1.5 * theirs) say(a, "larger than", b, sure(std::log(mine / theirs), 0.25));
  }

  const SceneView& view_;
  std::vector<Relation> out_;
};

}  // namespace

std::vector<Relation> relations_of(const SceneView& view) { return Relater(view).all(); }

}  // namespace beholder::scene
