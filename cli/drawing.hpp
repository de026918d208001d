// What the program draws on pictures.
#pragma once

#include <string>
#include <vector>

#include "beholder/types.hpp"

namespace beholder::cli {

/// Checks an output picture before anything is computed.
/// @param model folder of the model that is used
/// @throws Error kUsage when `output` has an unknown extension, is one of the inputs, or exists and
///   `force` is not given; kFileNotFound when its folder does not exist
void check_drawing(const std::string& output, const std::string& picture, const std::string& model,
                   bool force);

/// Lays weights of `rows` x `columns` cells over a picture file, from blue (least) to red (most),
/// and writes a picture of the same size in the format of the output's extension. @throws Error as
/// Engine::encode, and kFileAccess
void draw_heatmap(const std::string& picture, const std::vector<double>& weights, int rows,
                  int columns, const std::string& output);

struct LabelledBox {
  Box box;                          ///< in pixels of the upright picture
  std::string label;                ///< may be empty
  int color = -1;                   ///< boxes of one number have one colour; negative: each its own
  std::vector<Point> outline = {};  ///< drawn in place of the box, unless empty
};

/// Draws boxes with labels on a picture file and writes a picture in the format of the output's
/// extension. Labels lie within the picture, beside their boxes or joined to them by a line, and
/// where there is room cover neither each other nor the objects. A picture that is too small for
/// legible labels is enlarged by a whole number.
/// @throws Error as Engine::encode, and kFileAccess
void draw_boxes(const std::string& picture, const std::vector<LabelledBox>& boxes,
                const std::string& output);

}  // namespace beholder::cli
