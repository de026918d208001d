#include "program/places.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program/world_json.hpp"

namespace beholder::program {
namespace {

TEST(Places, AreHalvesAndNineFields) {
  const auto at = [](double x, double y) {
    Thing thing;
    set_place(thing, x, y);
    return thing.attributes.at("side") + "/" + thing.attributes.at("level") + "/" +
           thing.attributes.at("place");
  };
  EXPECT_EQ(at(0.1, 0.1), "left/top/top left");
  EXPECT_EQ(at(0.9, 0.5), "right/middle/right");
  EXPECT_EQ(at(0.5, 0.5), "middle/middle/middle");
  EXPECT_EQ(at(0.4, 0.9), "left/bottom/bottom");
  EXPECT_EQ(place_phrase("side", "left"), "on the left");
  EXPECT_EQ(place_phrase("level", "bottom"), "at the bottom");
  EXPECT_EQ(place_phrase("place", "middle"), "in the middle");
}

TEST(Places, AreKnownWhereThePicturesSizeIs) {
  auto scene = nlohmann::json::parse(R"({"objects": [{"shape": "circle", "color": "red",
    "size": "small", "pixel_coords": [10, 90], "box": [5, 85, 15, 95]}]})");
  EXPECT_EQ(world_from_clevr(scene).things[0].attributes.count("side"), 0u);
  scene["width"] = scene["height"] = 100;
  EXPECT_EQ(world_from_clevr(scene).things[0].attributes.at("place"), "bottom left");
}

TEST(Places, AreFilteredAndAskedFor) {
  World world;
  for (const double x : {0.2, 0.8}) {
    Thing thing;
    thing.attributes = {{"color", x < 0.5 ? "red" : "blue"}};
    set_place(thing, x, 0.2);
    world.things.push_back(thing);
  }
  const auto answer = [&](const char* text) {
    const Execution execution = execute(program_from_text(text), world);
    return execution.ok() ? answer_text(execution.values.back()) : execution.failure;
  };
  EXPECT_EQ(answer("query_color unique filter_side[left] scene"), "red");
  EXPECT_EQ(answer("exist filter_side[right] filter_color[red] scene"), "no");
  EXPECT_EQ(answer("count filter_level[top] scene"), "2");
  EXPECT_EQ(answer("query_place unique filter_color[blue] scene"), "top right");
}

}  // namespace
}  // namespace beholder::program
