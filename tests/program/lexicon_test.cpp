#include "program/lexicon.hpp"

#include <gtest/gtest.h>

namespace beholder::program {
namespace {

TEST(Lexicon, HasTheWorldsWordsAndThoseAdded) {
  const Lexicon lexicon = world_lexicon({"stop sign", "dog"});
  EXPECT_EQ(lexicon[0].name, "shape");
  EXPECT_EQ(lexicon[0].values.back(), "dog");
  EXPECT_EQ(world_lexicon()[0].values.size() + 2, lexicon[0].values.size());
}

TEST(Lexicon, SolidsHaveAMaterialAndPhotosObjectsANameAlone) {
  EXPECT_TRUE(has_attribute("cube", "material"));
  EXPECT_TRUE(has_attribute("circle", "color"));
  EXPECT_FALSE(has_attribute("circle", "material"));
  EXPECT_FALSE(has_attribute("dog", "color"));
  EXPECT_TRUE(has_attribute("dog", "shape"));
}

TEST(Lexicon, FeaturesSayEachValueAndDoNotDependOnTheUnit) {
  const Lexicon lexicon = world_lexicon();
  World world;
  world.things.push_back({{{"shape", "sphere"}, {"color", "red"}}, 2, -4, 1, 0.5, 0, {}});
  world.things.push_back({{{"shape", "cube"}}, -1, 3, 0, 0.5, 0, {}});
  const auto features = features_of(world, lexicon);
  ASSERT_EQ(features.size(), 2 * feature_count(lexicon));
  EXPECT_EQ(features[0], 0);
  EXPECT_EQ(features[1], 1) << "a sphere";
  const std::size_t places = feature_count(lexicon) - 40;
  EXPECT_FLOAT_EQ(features[places], 1) << "2 of at most 4, twice over";
  EXPECT_EQ(features[places + 4], 1) << "one stands farther left";
  EXPECT_EQ(features[places + 5], 0) << "and no other";
  EXPECT_EQ(features[places + 16], 0) << "none is nearer";
  for (Thing& thing : world.things) {
    thing.across *= 50;
    thing.depth *= 50;
    thing.height *= 50;
    thing.extent *= 50;
  }
  const auto larger = features_of(world, lexicon);
  for (std::size_t i = 0; i < features.size(); ++i) EXPECT_FLOAT_EQ(features[i], larger[i]);
  EXPECT_TRUE(features_of({}, lexicon).empty());
}

}  // namespace
}  // namespace beholder::program
