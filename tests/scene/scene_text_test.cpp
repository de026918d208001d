#include "scene/scene_text.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"

namespace beholder::scene {
namespace {

SceneView view_of(const std::vector<std::pair<std::string, double>>& cubes) {
  SceneView out;
  out.ground = Ground::kSolid;
  for (const auto& [color, across] : cubes) {
    program::Thing thing;
    thing.across = across;
    out.world.things.push_back(thing);
    out.objects.push_back({"cube", {"small", color, "metal"}, {}, 0, 0, 0.81});
    out.there.push_back(0.9);
  }
  return out;
}

DescribeOptions at_most(int num) {
  DescribeOptions out;
  out.num = num;
  return out;
}

TEST(SceneText, SaysAllObjectsAndHowTheyStand) {
  const auto found = describe_scene(view_of({{"red", 2}, {"blue", 1}, {"red", 0}}), at_most(10));
  ASSERT_GE(found.size(), 5u);
  EXPECT_EQ(found[0].text, "two small red metal cubes and a small blue metal cube");
  EXPECT_EQ(found[1].text, "three things: three cubes");
  EXPECT_EQ(found[2].text,
            "from left to right: a small red metal cube, a small blue metal cube, a small red "
            "metal cube");
  EXPECT_EQ(found[3].text, "a small red metal cube right of a small blue metal cube");
  EXPECT_NEAR(found[0].probability, 0.81, 1e-9);
  EXPECT_NEAR(found[0].confidence, 0.81, 1e-9);
  EXPECT_EQ(found[0].guess, found[0].text);
  ASSERT_EQ(found[3].words.size(), 8u) << "two cubes of four words";
  EXPECT_EQ(found[3].words[1].word, "red");
  EXPECT_NEAR(found[3].words[1].probability, 0.81, 1e-9);
  EXPECT_TRUE(found[3].words.back().word == "cube");
}

TEST(SceneText, GivesAsManyAsAskedForAndNoneTwice) {
  const SceneView one = view_of({{"orange", 0}});
  EXPECT_EQ(describe_scene(one, at_most(1)).size(), 1u);
  const auto all = describe_scene(one, at_most(10));
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].text, "a small orange metal cube");
  EXPECT_TRUE(describe_scene(view_of({}), at_most(3)).empty());
}

TEST(SceneText, KeepsToTheNumberOfWords) {
  const SceneView view = view_of({{"red", 2}, {"blue", 1}, {"red", 0}});
  const auto said = [&](int least, int most) {
    DescribeOptions options = at_most(1);
    options.min_words = least;
    options.max_words = most;
    return describe_scene(view, options).at(0).text;
  };
  EXPECT_EQ(said(0, 11), "two small red metal cubes and a small blue metal cube");
  EXPECT_EQ(said(0, 9), "three things: three cubes");
  EXPECT_EQ(said(0, 3), "three cubes");
  EXPECT_EQ(said(12, 13), "three things: two small red metal cubes and a small blue metal cube");
  EXPECT_EQ(said(20, 21),
            "three things, from left to right: a small red metal cube, a small blue metal cube, a "
            "small red metal cube");
  EXPECT_THROW(said(0, 1), Error);
  EXPECT_THROW(said(200, 0), Error);
}

}  // namespace
}  // namespace beholder::scene
