// What the program draws on pictures.
#pragma once

#include <string>
#include <vector>

namespace beholder::cli {

/// Lays weights of `rows` x `columns` cells over a picture file, from blue (least) to red (most),
/// and writes a PNG of the picture's size. @throws Error as Engine::encode, and kFileAccess
void draw_heatmap(const std::string& picture, const std::vector<double>& weights, int rows,
                  int columns, const std::string& output);

}  // namespace beholder::cli
