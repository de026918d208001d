#include "program/world_json.hpp"

#include <array>
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "program/places.hpp"

namespace beholder::program {

World world_from_clevr(const nlohmann::json& scene) try {
  World world;
  world.margin = kClevrMargin;
  using Vector = std::array<double, 3>;
  // A camera that looks along y when the file does not say.
  Vector right = {1, 0, 0}, behind = {0, 1, 0};
  if (scene.contains("directions")) {
    right = scene.at("directions").at("right").get<Vector>();
    behind = scene.at("directions").at("behind").get<Vector>();
  }
  // Where in the picture a thing is can be said only where the picture's size is.
  const bool sized = scene.contains("width") && scene.contains("height");
  const auto place = [&](Thing& thing, double x, double y) {
    if (sized)
      set_place(thing, x / scene.at("width").get<double>(), y / scene.at("height").get<double>());
  };
  if (scene.contains("boxes")) world.boxes = scene.at("boxes").size();
  for (const auto& object : scene.at("objects")) {
    Thing thing;
    const bool flat = !object.contains("3d_coords");
    for (const char* attribute : {"color", "shape", "size"})
      thing.attributes[attribute] = object.at(attribute).get<std::string>();
    if (flat) {
      const auto at = object.at("pixel_coords").get<std::array<double, 2>>();
      const auto box = object.at("box").get<std::array<double, 4>>();
      place(thing, at[0], at[1]);
      thing.across = at[0];
      thing.height = -at[1];
      thing.extent = (box[2] - box[0]) / 2;
      world.margin = 0;
      if (scene.contains("boxes")) {
        thing.box = object.at("in_box").get<std::size_t>();
        thing.walls = object.at("walls").get<std::set<std::string>>();
      }
      world.things.push_back(std::move(thing));
      continue;
    }
    thing.attributes["material"] = object.at("material").get<std::string>();
    if (sized) {
      const auto seen = object.at("pixel_coords").get<Vector>();
      place(thing, seen[0], seen[1]);
    }
    const Vector at = object.at("3d_coords").get<Vector>();
    for (int i = 0; i < 3; ++i) {
      thing.across += at[i] * right[i];
      thing.depth += at[i] * behind[i];
    }
    thing.height = at[2];
    thing.extent = at[2];  // things stand on the ground: the centre's height is half of the size
    world.things.push_back(std::move(thing));
  }
  return world;
} catch (const nlohmann::json::exception& error) {
  fail(ErrorCode::kDataFormat, "a scene: ", error.what());
}

}  // namespace beholder::program
