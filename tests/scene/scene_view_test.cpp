// How objects are read, and read otherwise, on views made by hand.
#include "scene/scene_view.hpp"

#include <gtest/gtest.h>

namespace beholder::scene {
namespace {

/// A large red rubber cube, surely there; a small blue metal ball, probably; a faint third.
SceneView three() {
  SceneView out;
  out.ground = Ground::kSolid;
  const auto add = [&](const std::string& shape, const std::string& size, const std::string& color,
                       const std::string& material, double there) {
    program::Thing thing;
    thing.attributes = {{"shape", shape}, {"size", size}, {"color", color}, {"material", material}};
    thing.extent = thing.height = size == "large" ? 0.7 : 0.35;
    out.world.things.push_back(thing);
    out.objects.push_back({shape, {size, color, material}, {}, 0, 0, there * 0.9});
    out.there.push_back(there);
  };
  add("cube", "large", "red", "rubber", 0.99);
  add("sphere", "small", "blue", "metal", 0.8);
  add("cylinder", "small", "gray", "rubber", 0.2);
  out.doubts = {{0, "material", "metal", 0.4},
                {1, "shape", "cylinder", 0.1},
                {1, "size", "large", 0.02},
                {2, "color", "brown", 0.9}};
  return out;
}

TEST(SceneView, WhatIsThereRatherThanNotIsRead) {
  const SceneView read = reading_of(three());
  ASSERT_EQ(read.objects.size(), 2u);
  ASSERT_EQ(read.world.things.size(), 2u);
  EXPECT_EQ(read.objects[1].name, "sphere");
  EXPECT_EQ(read.ground, Ground::kSolid);
}

TEST(SceneView, AnAttributeReadOtherwiseChangesObjectAndThing) {
  const SceneView view = three();
  const SceneView metal = reading_of(view, &view.doubts[0]);
  EXPECT_EQ(metal.world.things[0].attributes.at("material"), "metal");
  EXPECT_EQ(metal.objects[0].attributes, (std::vector<std::string>{"large", "red", "metal"}));
  EXPECT_NEAR(metal.objects[0].confidence, 0.99 * 0.9 * 0.4, 1e-9);
  const SceneView cylinder = reading_of(view, &view.doubts[1]);
  EXPECT_EQ(cylinder.objects[1].name, "cylinder");
  EXPECT_EQ(cylinder.world.things[1].attributes.at("shape"), "cylinder");
  const SceneView large = reading_of(view, &view.doubts[2]);
  EXPECT_EQ(large.world.things[1].extent, 0.7);
}

TEST(SceneView, PresenceReadOtherwiseAddsOrTakesAnObject) {
  const SceneView view = three();
  const Doubt added{2, "", "", 0.25}, taken{1, "", "", 0.25};
  EXPECT_EQ(reading_of(view, &added).objects.size(), 3u);
  const SceneView fewer = reading_of(view, &taken);
  ASSERT_EQ(fewer.objects.size(), 1u);
  EXPECT_EQ(fewer.objects[0].name, "cube");
}

TEST(SceneView, DoubtsComeByTheirOddsAndOnlyOfWhatCounts) {
  const auto doubts = doubts_of(three(), 100);
  // The faint third's colour does not matter until it counts; that it may be there does.
  ASSERT_EQ(doubts.size(), 6u);
  for (std::size_t i = 1; i < doubts.size(); ++i) EXPECT_GE(doubts[i - 1].odds, doubts[i].odds);
  EXPECT_EQ(doubts[0].attribute, "material");
  for (const Doubt& doubt : doubts) {
    EXPECT_NE(doubt.attribute, "color");
    if (doubt.object == 2) {
      EXPECT_NEAR(doubt.odds, 0.25, 1e-9);
    }
  }
  EXPECT_EQ(doubts_of(three(), 2).size(), 2u);
}

}  // namespace
}  // namespace beholder::scene
