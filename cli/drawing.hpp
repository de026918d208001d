// What the program draws on pictures.
#pragma once

#include <string>
#include <vector>

#include "beholder/types.hpp"

namespace beholder::cli {

/// Lays weights of `rows` x `columns` cells over a picture file, from blue (least) to red (most),
/// and writes a PNG of the picture's size. @throws Error as Engine::encode, and kFileAccess
void draw_heatmap(const std::string& picture, const std::vector<double>& weights, int rows,
                  int columns, const std::string& output);

struct LabelledBox {
  Box box;            ///< in pixels of the upright picture
  std::string label;  ///< may be empty
  int color = -1;     ///< boxes of one number have one colour; negative: each its own
};

/// Draws boxes with labels on a picture file and writes a PNG. Labels lie within the picture,
/// beside their boxes or joined to them by a line, and cover neither each other nor the objects
/// where there is room. A picture that is too small for legible labels is enlarged by a whole
/// number.
/// @throws Error as Engine::encode, and kFileAccess
void draw_boxes(const std::string& picture, const std::vector<LabelledBox>& boxes,
                const std::string& output);

}  // namespace beholder::cli
