#include "scene/scene_attention.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace beholder::scene {
namespace {

const Cells kCells{2, 4, 400, 200};  // cells of 100 x 100 pixels

double sum(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST(SceneAttention, LooksAtTheObjectsThatAWordNames) {
  const std::vector<Object> about = {{"cube", {"red"}, {0, 0, 100, 100}, 50, 50, 1},
                                     {"sphere", {"blue"}, {250, 100, 350, 200}, 300, 150, 1}};
  const AttentionMap map = scene_attention("a red cube and two spheres.", about, kCells);
  ASSERT_EQ(map.words.size(), 6u);
  EXPECT_EQ(map.words[2].text, "cube");
  EXPECT_NEAR(map.words[2].weights[0], 1, 1e-12);
  EXPECT_EQ(map.words[5].text, "spheres");
  EXPECT_NEAR(map.words[5].weights[6], 0.5, 1e-12) << "half of the ball's box lies in this cell";
  EXPECT_NEAR(map.words[5].weights[7], 0.5, 1e-12);
  EXPECT_EQ(map.words[0].weights, map.overall) << "a word that names nothing looks at all";
  for (const auto& word : map.words) EXPECT_NEAR(sum(word.weights), 1, 1e-12);
  EXPECT_NEAR(map.overall[0], 0.5, 1e-12);
}

TEST(SceneAttention, WithoutObjectsAllCellsAreAlike) {
  const auto weights = weights_of({}, kCells);
  for (const double weight : weights) EXPECT_EQ(weight, 0.125);
}

}  // namespace
}  // namespace beholder::scene
