#include <gtest/gtest.h>

#include <numeric>

#include "beholder/engine.hpp"
#include "support/tiny_model.hpp"

namespace beholder::models::native {
namespace {

using tests::error_of;
using tests::plain_pictures;
using tests::trained_workshop;

Engine load(bool mirror) {
  EngineOptions options;
  options.threads = 1;
  options.mirror = mirror;
  return Engine::load(trained_workshop().trained(), options);
}

void expect_distribution(const std::vector<double>& weights, const AttentionMap& map) {
  ASSERT_EQ(weights.size(), static_cast<std::size_t>(map.rows) * map.columns);
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-5);
  for (const double weight : weights) EXPECT_GE(weight, 0);
}

TEST(AttentionMap, IsOfEveryWordAndAddsUp) {
  for (const bool mirror : {false, true}) {
    const Engine engine = load(mirror);
    const Picture picture = engine.encode(trained_workshop().picture(plain_pictures()[0].file));
    for (const std::string question : {"what color is it?", ""}) {
      const AttentionMap map = engine.attention(picture, question, "red dog");
      ASSERT_EQ(map.words.size(), 2u);
      EXPECT_EQ(map.words[0].text, "red");
      expect_distribution(map.overall, map);
      for (const auto& word : map.words) expect_distribution(word.weights, map);
      for (std::size_t i = 0; i < map.overall.size(); ++i)
        EXPECT_NEAR(map.overall[i], (map.words[0].weights[i] + map.words[1].weights[i]) / 2, 1e-9);
    }
  }
}

// The picture and its mirror image are looked at alike: the map of the one is the other's, turned.
TEST(AttentionMap, TurnsWithTheMirrorImage) {
  const Engine engine = load(true);
  const int side = 96;
  std::vector<std::uint8_t> pixels(3 * side * side), turned(pixels.size());
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      for (int c = 0; c < 3; ++c) {
        const auto value =
            static_cast<std::uint8_t>(x < side / 3 && y > side / 2 ? 250 - 100 * c : 40 + x / 2);
        pixels[3 * (y * side + x) + c] = value;
        turned[3 * (y * side + side - 1 - x) + c] = value;
      }
  const auto map =
      engine.attention(engine.encode_rgb(pixels.data(), side, side), "is it red?", "yes");
  const auto other =
      engine.attention(engine.encode_rgb(turned.data(), side, side), "is it red?", "yes");
  for (int r = 0; r < map.rows; ++r)
    for (int c = 0; c < map.columns; ++c)
      EXPECT_NEAR(map.overall[r * map.columns + c],
                  other.overall[r * map.columns + map.columns - 1 - c], 1e-4);
}

TEST(AttentionMap, RefusesWhatMakesNoSense) {
  const Engine engine = load(false);
  const Picture picture = engine.encode(trained_workshop().picture(plain_pictures()[0].file));
  EXPECT_EQ(error_of([&] { engine.attention(Picture(), "what?", "red"); }).code(),
            ErrorCode::kUsage);
  EXPECT_EQ(error_of([&] { engine.attention(picture, "what?", " "); }).code(), ErrorCode::kUsage);
  std::string endless;
  for (int i = 0; i < 200; ++i) endless += "red ";
  EXPECT_EQ(error_of([&] { engine.attention(picture, "", endless); }).code(), ErrorCode::kUsage);
}

}  // namespace
}  // namespace beholder::models::native
