#include "scene/scene_attention.hpp"

#include <algorithm>
#include <cctype>
#include <sstream>

namespace beholder::scene {
namespace {

bool names(const std::string& word, const Object& object) {
  const auto same = [&](const std::string& value) { return word == value || word == value + "s"; };
  return same(object.name) || std::any_of(object.attributes.begin(), object.attributes.end(), same);
}

}  // namespace

std::vector<double> weights_of(const std::vector<Object>& objects, const Cells& cells) {
  std::vector<double> out(static_cast<std::size_t>(cells.rows) * cells.columns, 0);
  const double wide = cells.width / cells.columns, high = cells.height / cells.rows;
  double sum = 0;
  for (const Object& object : objects) {
    const Box& box = object.box;
    const double area = std::max(1e-9, (box.right - box.left) * (box.bottom - box.top));
    for (int row = 0; row < cells.rows; ++row)
      for (int column = 0; column < cells.columns; ++column) {
        const double across =
            std::min(box.right, (column + 1) * wide) - std::max(box.left, column * wide);
        const double down = std::min(box.bottom, (row + 1) * high) - std::max(box.top, row * high);
        if (across <= 0 || down <= 0) continue;
        out[static_cast<std::size_t>(row) * cells.columns + column] += across * down / area;
        sum += across * down / area;
      }
  }
  for (double& weight : out) weight = sum > 0 ? weight / sum : 1 / static_cast<double>(out.size());
  return out;
}

AttentionMap scene_attention(const std::string& text, const std::vector<Object>& about,
                             const Cells& cells) {
  AttentionMap out;
  out.rows = cells.rows;
  out.columns = cells.columns;
  out.overall = weights_of(about, cells);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    while (!word.empty() && std::ispunct(static_cast<unsigned char>(word.back())) != 0)
      word.pop_back();
    if (word.empty()) continue;
    std::vector<Object> named;
    std::copy_if(about.begin(), about.end(), std::back_inserter(named),
                 [&](const Object& object) { return names(word, object); });
    out.words.push_back({word, named.empty() ? out.overall : weights_of(named, cells)});
  }
  return out;
}

}  // namespace beholder::scene
