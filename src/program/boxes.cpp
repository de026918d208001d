#include "program/boxes.hpp"

#include <algorithm>
#include <cmath>

#include "core/check.hpp"

namespace beholder::program {

void place_in_boxes(World& world, const std::vector<Rectangle>& things,
                    const std::vector<Rectangle>& boxes, double tolerance) {
  check(!boxes.empty() && things.size() == world.things.size(), ErrorCode::kInternal, "boxes of ",
        things.size(), " of ", world.things.size(), " things");
  world.boxes = boxes.size();
  for (std::size_t i = 0; i < things.size(); ++i) {
    const Rectangle& seen = things[i];
    const auto apart = [&](const Rectangle& box) {
      return std::abs((seen.left + seen.right) - (box.left + box.right));
    };
    const auto box = std::min_element(
        boxes.begin(), boxes.end(),
        [&](const Rectangle& a, const Rectangle& b) { return apart(a) < apart(b); });
    Thing& thing = world.things[i];
    thing.box = static_cast<std::size_t>(box - boxes.begin());
    thing.walls.clear();
    if (seen.left <= box->left + tolerance) thing.walls.insert("left");
    if (seen.right >= box->right - tolerance) thing.walls.insert("right");
    if (seen.top <= box->top + tolerance) thing.walls.insert("top");
    if (seen.bottom >= box->bottom - tolerance) thing.walls.insert("bottom");
  }
}

}  // namespace beholder::program
