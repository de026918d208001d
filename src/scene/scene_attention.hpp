// Where an answer or a description of a scene comes from: the boxes of the objects that it is
// about.
#pragma once

#include <string>
#include <vector>

#include "beholder/types.hpp"

namespace beholder::scene {

/// How a picture is cut into cells. Sizes in pixels of the upright picture.
struct Cells {
  int rows = 0, columns = 0;
  double width = 0, height = 0;
};

/// Weights of the cells by how much of each the objects' boxes cover, together 1; all the same
/// without objects. An object that covers many cells counts as much as one that covers few.
std::vector<double> weights_of(const std::vector<Object>& objects, const Cells& cells);

/// @param text of an answer or description; each of its words looks at the objects that it names
/// ("cubes": all cubes), or else at all of `about`
AttentionMap scene_attention(const std::string& text, const std::vector<Object>& about,
                             const Cells& cells);

}  // namespace beholder::scene
