// Pictures of scenes: rays, soft shadows, mirror-like metal.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "vision/intake/image.hpp"
#include "world/scene.hpp"

namespace beholder::world {

/// What is seen of an object: pixels whose centre shows it.
struct Visible {
  int pixels = 0;
  int left = 0, top = 0, right = 0, bottom = 0;  ///< right and bottom lie outside; all 0 if unseen

  /// Pixels come row by row, from the top.
  void add(int x, int y) {
    if (pixels++ == 0) *this = {1, x, y, x + 1, y + 1};
    left = std::min(left, x);
    right = std::max(right, x + 1);
    bottom = y + 1;
  }
};

struct Rendering {
  vision::Image image;
  std::vector<std::int8_t> ids;  ///< (height, width): the object at the pixel's centre, or -1
  std::vector<Visible> visible;  ///< one an object
};

/// Draws a scene; the same scene gives the same picture. Whitted's recursive rays (1980) to the
/// depth of one reflection; lamps are discs that are sampled, so their shadows are soft.
Rendering render(const Scene& scene);

/// Only the ids and what is visible, in a fiftieth of the time.
Rendering render_ids(const Scene& scene);

}  // namespace beholder::world
