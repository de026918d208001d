#include "program/boxes.hpp"

#include <gtest/gtest.h>

#include "program/program_support.hpp"
#include "program/trace.hpp"

namespace beholder::program {
namespace {

/// Three boxes of 100, half a box apart: a tower of black upon blue upon black; a yellow block; a
/// blue block upon a yellow one.
World towers() {
  World world;
  std::vector<Rectangle> seen;
  const auto block = [&](const char* color, double left, int floor) {
    Thing out;
    out.attributes = {{"color", color}, {"shape", "square"}, {"size", "medium"}};
    const double bottom = 100 - 21.0 * floor;
    out.across = left + 10;
    out.height = -(bottom - 10);
    out.extent = 10;
    world.things.push_back(out);
    seen.push_back({left, bottom - 20, left + 20, bottom});
  };
  block("black", 40, 0);
  block("blue", 40, 1);
  block("black", 40, 2);
  block("yellow", 150, 0);
  block("yellow", 340, 0);
  block("blue", 340, 1);
  place_in_boxes(world, seen, {{0, 0, 100, 100}, {150, 0, 250, 100}, {300, 0, 400, 100}}, 1.5);
  return world;
}

std::string answer(const std::string& text) {
  const Execution execution = execute(program_from_text(text), towers());
  return execution.ok() ? answer_text(execution.values.back()) : "failed: " + execution.failure;
}

TEST(Boxes, ThingsLieInTheNearestAndTouchItsWalls) {
  const World world = towers();
  EXPECT_EQ(world.boxes, 3U);
  EXPECT_EQ(world.things[2].box, 0U);
  EXPECT_EQ(world.things[4].box, 2U);
  EXPECT_TRUE(touches(world.things[0], "bottom"));
  EXPECT_TRUE(touches(world.things[0], "wall"));
  EXPECT_FALSE(touches(world.things[1], "wall"));
  EXPECT_TRUE(touches(world.things[3], "corner")) << "left and bottom";
  EXPECT_FALSE(touches(world.things[0], "corner"));
}

TEST(Boxes, StepsAreDoneOnceABox) {
  EXPECT_EQ(answer("some_box equal_integer count scene number[3]"), "yes");
  EXPECT_EQ(answer("some_box equal_integer count scene number[6]"), "no") << "six in all";
  EXPECT_EQ(answer("every_box exist filter_color[blue] scene"), "no");
  EXPECT_EQ(answer("count_boxes exist filter_color[yellow] scene"), "2");
  EXPECT_EQ(answer("count_boxes exist filter_color[blue] extreme[highest] scene"), "1");
  EXPECT_EQ(answer("count_boxes exist filter_color[yellow] extreme[lowest] scene"), "2");
  EXPECT_EQ(answer("count_boxes equal_integer kinds_color scene number[1]"), "1");
}

TEST(Boxes, WhatCannotBeSaidOfABoxDoesNotHoldInIt) {
  // One box has no blue thing, one has one.
  EXPECT_EQ(answer("count_boxes exist relate[on] unique filter_color[blue] scene"), "1");
  EXPECT_NE(answer("some_box exist relate[on] unique filter_color[pink] scene").find("no box"),
            std::string::npos);
  EXPECT_NE(answer("some_box some_box exist scene").find("failed"), std::string::npos);
}

TEST(Boxes, OneUponAnother) {
  EXPECT_EQ(answer("exist intersect filter_color[blue] scene relate_any[on] filter_color[yellow] "
                   "scene"),
            "yes");
  EXPECT_EQ(answer("exist intersect filter_color[yellow] scene relate_any[on] filter_color[blue] "
                   "scene"),
            "no");
  EXPECT_EQ(answer("count intersect filter_color[black] scene relate_any[under] scene"), "1");
  EXPECT_EQ(answer("count relate_any[above] scene"), "3") << "those above the floor";
  EXPECT_EQ(answer("count touching[wall] scene"), "3");
}

TEST(Boxes, TheTraceSaysWhichBoxIsShown) {
  const Program program = program_from_text("some_box exist filter_color[yellow] scene");
  const Execution execution = execute(program, towers());
  ASSERT_TRUE(execution.ok());
  EXPECT_EQ(std::get<Set>(execution.values[1]), Set{3}) << "the first box that decides";
  const auto trace = trace_of(program, execution);
  EXPECT_EQ(trace.back().value, "yes");
  EXPECT_NE(trace.back().text.find("box 2"), std::string::npos) << trace.back().text;
}

}  // namespace
}  // namespace beholder::program
