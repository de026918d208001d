// Pictures with the objects in them: a reader of boxes on photos and of scene graphs.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace beholder::data {

/// One object; places in pixels of the upright picture.
struct ObjectRow {
  /// "shape" (what it is called), and for scenes "size", "color", "material".
  std::map<std::string, std::string> attributes;
  std::optional<std::array<double, 4>> box;     ///< left, top, right, bottom
  std::optional<std::array<double, 2>> center;  ///< of the whole object
  std::optional<std::array<double, 2>> ground;  ///< place to the right and away from the camera
};

struct PictureObjects {
  std::filesystem::path image;                ///< resolved as in `QaRow`
  std::optional<std::array<double, 2>> size;  ///< width and height, where the row says them
  std::vector<ObjectRow> objects;
};

/// Reads JSON Lines of {"image", "objects": [{"name" or "shape", "box", …}]}, as `beholder world
/// render` (scenes.jsonl) and detectors' tools write them; "pixel_coords", "3d_coords" with
/// "directions" and CLEVR's "image_filename" are read where they are there.
/// @throws Error kDataFormat naming the row
std::vector<PictureObjects> read_objects_jsonl(const std::filesystem::path& path);

}  // namespace beholder::data
