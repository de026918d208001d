#include "data/object_rows.hpp"

#include "core/check.hpp"
#include "data/json_lines.hpp"

namespace beholder::data {
namespace {

using nlohmann::json;

constexpr const char* kForm =
    R"({"image": "a.jpg", "objects": [{"name": "dog", "box": [left, top, right, bottom]}]})";

ObjectRow read_object(const json& object, const json& row) {
  ObjectRow out;
  for (const char* attribute : {"shape", "size", "color", "material"})
    if (object.contains(attribute))
      out.attributes[attribute] = object.at(attribute).get<std::string>();
  if (object.contains("name")) out.attributes["shape"] = object.at("name").get<std::string>();
  if (out.attributes.count("shape") == 0) object.at("name");  // throws, naming the key
  if (object.contains("box")) out.box = object.at("box").get<std::array<double, 4>>();
  if (object.contains("pixel_coords"))
    out.center = {object.at("pixel_coords").at(0).get<double>(),
                  object.at("pixel_coords").at(1).get<double>()};
  if (object.contains("3d_coords") && row.contains("directions")) {
    const auto at = object.at("3d_coords").get<std::array<double, 3>>();
    const auto along = [&](const char* direction) {
      const auto axis = row.at("directions").at(direction).get<std::array<double, 3>>();
      return at[0] * axis[0] + at[1] * axis[1] + at[2] * axis[2];
    };
    out.ground = {along("right"), along("behind")};
  }
  return out;
}

}  // namespace

std::vector<PictureObjects> read_objects_jsonl(const std::filesystem::path& path) {
  std::vector<PictureObjects> rows;
  for_each_json_row(path, [&](const json& row, const RowPlace& place) {
    PictureObjects out;
    const char* key = row.contains("image") ? "image" : "image_filename";
    out.image = picture_of_row(row, key, place, kForm);
    try {
      if (row.contains("width") && row.contains("height"))
        out.size = {row.at("width").get<double>(), row.at("height").get<double>()};
      for (const json& object : row.at("objects")) out.objects.push_back(read_object(object, row));
    } catch (const json::exception& error) {
      fail(ErrorCode::kDataFormat, place.str(), ": ", error.what(), "; a row is ", kForm);
    }
    check(!out.size || ((*out.size)[0] > 0 && (*out.size)[1] > 0), ErrorCode::kDataFormat,
          place.str(), ": the picture's size is not above 0");
    rows.push_back(std::move(out));
    return true;
  });
  return rows;
}

}  // namespace beholder::data
