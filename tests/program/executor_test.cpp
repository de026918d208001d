#include "program/executor.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program/program_support.hpp"
#include "program/world_json.hpp"

namespace beholder::program {
namespace {

std::string answer(const std::string& text) {
  const Execution execution = execute(program_from_text(text), small_world());
  return execution.ok() ? answer_text(execution.values.back()) : "failed: " + execution.failure;
}

Set set(const std::string& text) {
  return std::get<Set>(execute(program_from_text(text), small_world()).values.back());
}

TEST(Executor, Sets) {
  EXPECT_EQ(set("scene"), (Set{0, 1, 2, 3}));
  EXPECT_EQ(set("filter_color[red] scene"), (Set{0, 1}));
  EXPECT_EQ(set("union filter_color[red] scene filter_shape[cube] scene"), (Set{0, 1, 2}));
  EXPECT_EQ(set("intersect filter_color[red] scene filter_shape[cube] scene"), (Set{0}));
  EXPECT_EQ(set("difference filter_color[red] scene filter_shape[cube] scene"), (Set{1}));
  EXPECT_EQ(set("same_color unique filter_shape[sphere] scene"), (Set{0}));
  EXPECT_EQ(set("filter_color[pink] scene"), (Set{}));
}

TEST(Executor, Directions) {
  const std::string sphere = " unique filter_shape[sphere] scene";
  EXPECT_EQ(set("relate[left]" + sphere), (Set{0}));
  EXPECT_EQ(set("relate[right]" + sphere), (Set{2, 3}));
  // The cube is 0.1 nearer to the camera than the sphere: less than the margin.
  EXPECT_EQ(set("relate[front]" + sphere), (Set{3}));
  EXPECT_EQ(set("relate[behind]" + sphere), (Set{2}));
  EXPECT_EQ(set("relate[above]" + sphere), (Set{0, 3}));
  EXPECT_EQ(set("relate[below]" + sphere), (Set{}));
}

TEST(Executor, Answers) {
  EXPECT_EQ(answer("count filter_color[red] scene"), "2");
  EXPECT_EQ(answer("exist filter_color[pink] scene"), "no");
  EXPECT_EQ(answer("query_material superlative[leftmost] scene"), "metal");
  EXPECT_EQ(answer("query_shape superlative[largest] scene"), "cylinder");
  EXPECT_EQ(answer("query_color superlative[backmost] scene"), "blue");
  EXPECT_EQ(answer("query_shape nearest unique filter_shape[sphere] scene scene"), "cube");
  EXPECT_EQ(answer("query_color farthest unique filter_shape[sphere] scene scene"), "green");
  EXPECT_EQ(answer("equal_integer count filter_color[red] scene number[2]"), "yes");
  EXPECT_EQ(answer("less_than count filter_color[red] scene number[2]"), "no");
  EXPECT_EQ(answer("greater_than count filter_color[red] scene count filter_color[blue] scene"),
            "yes");
  EXPECT_EQ(answer("all filter_material[metal] scene filter_size[large] scene"), "yes");
  EXPECT_EQ(answer("most filter_color[red] scene filter_size[large] scene"), "no");
  EXPECT_EQ(answer("fewer_than_half filter_color[red] scene filter_size[large] scene"), "no");
  EXPECT_EQ(answer("most scene filter_size[large] scene"), "no");
  EXPECT_EQ(answer("or exist filter_color[pink] scene not exist filter_color[pink] scene"), "yes");
  EXPECT_EQ(answer("and exist filter_color[pink] scene exist filter_color[red] scene"), "no");
  EXPECT_EQ(answer("equal_color query_color unique filter_shape[sphere] scene query_color unique "
                   "filter_shape[cylinder] scene"),
            "no");
}

TEST(Executor, StepsThatCannotBeDone) {
  for (const auto& [text, part] :
       {std::pair{"query_color unique filter_color[red] scene", "unique): not one but 2"},
        std::pair{"query_name unique filter_shape[sphere] scene", "no name"},
        std::pair{"count relate[inside] unique filter_shape[sphere] scene", "no direction"},
        std::pair{"query_color superlative[leftmost] filter_color[pink] scene", "none to choose"},
        std::pair{"query_color superlative[smallest] scene", "alike"},
        std::pair{"query_color superlative[prettiest] scene", "prettiest"},
        std::pair{"all filter_color[pink] scene scene", "none to speak of"},
        std::pair{"equal_integer count scene number[three]", "three"}})
    EXPECT_NE(answer(text).find(part), std::string::npos) << text << ": " << answer(text);
}

TEST(Executor, ReadsClevrsScenes) {
  const auto json =
      nlohmann::json::parse(R"({"directions": {"right": [0.6, 0.8, 0], "behind": [-0.8, 0.6, 0]},
    "objects": [{"color": "red", "shape": "cube", "size": "small", "material": "rubber",
                 "3d_coords": [1, 2, 0.35]}]})");
  const World world = world_from_clevr(json);
  ASSERT_EQ(world.things.size(), 1u);
  EXPECT_NEAR(world.things[0].across, 2.2, 1e-12);
  EXPECT_NEAR(world.things[0].depth, 0.4, 1e-12);
  EXPECT_EQ(world.things[0].attributes.at("material"), "rubber");
  for (const char* wrong : {"{}", R"({"objects": [{}]})", R"({"objects": 3})"})
    EXPECT_EQ(error_of([&] { world_from_clevr(nlohmann::json::parse(wrong)); }).code(),
              ErrorCode::kDataFormat);
}

}  // namespace
}  // namespace beholder::program
