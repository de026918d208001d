#include "world/statements.hpp"

#include <gtest/gtest.h>

#include <set>

#include "program/meaning.hpp"
#include "program/picture_dependence.hpp"
#include "program/program.hpp"
#include "text/question_kind.hpp"
#include "world/flat_scene.hpp"

namespace beholder::world {
namespace {

TEST(Statements, AreTrueOrFalseAsTheirProgramsSay) {
  Random random(3);
  std::set<std::string> texts;
  std::map<std::string, int> answers;
  int numbers = 0;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const program::World world = world_of(sample_boxes_scene(100, seed));
    for (int i = 0; i < 20; ++i) {
      const auto said = state_about_boxes(world, random);
      if (!said) continue;
      const auto execution = program::execute(said->program, world);
      ASSERT_TRUE(execution.ok()) << said->text;
      const std::string found = program::answer_text(execution.values.back());
      const bool asked = said->text.substr(1, 7) == "ow many";
      EXPECT_EQ(asked ? found : (found == "yes" ? "true" : "false"), said->answer) << said->text;
      numbers += asked ? 1 : 0;
      texts.insert(said->text);
      ++answers[said->answer];
    }
  }
  EXPECT_GT(texts.size(), 700U);
  EXPECT_GT(answers["true"], 200);
  EXPECT_GT(answers["false"], 200);
  EXPECT_GT(numbers, 50);
}

/// What is taught must pass the check that answers are held to.
TEST(Statements, ProgramsMeanWhatIsSaid) {
  Random random(5);
  int said = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const program::World world = world_of(sample_boxes_scene(100, seed));
    for (int i = 0; i < 20; ++i) {
      const auto one = state_about_boxes(world, random);
      if (!one) continue;
      ++said;
      const std::string wrong = program::misreading(one->program, program::asked_of(one->text));
      const bool fits = text::fits(text::asked_for(one->text), one->answer);
      EXPECT_TRUE(fits) << one->text << " " << one->answer;
      EXPECT_TRUE(program::depends_on_picture(one->program)) << one->text;
      refused += wrong.empty() ? 0 : 1;
    }
  }
  // "There are more than four squares" of towers, whose blocks are all square.
  EXPECT_LT(refused, said / 50) << said;
}

TEST(Statements, OfAnEmptyPictureThereIsNothingToSay) {
  Random random(3);
  EXPECT_FALSE(state_about_boxes({}, random));
}

TEST(BoxesScene, ThingsStayInTheirBoxesAndApart) {
  int walls = 0, towers = 0;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    const FlatScene scene = sample_boxes_scene(100, seed);
    ASSERT_EQ(scene.boxes.size(), 3U);
    EXPECT_EQ(scene.width, 400);
    const program::World world = world_of(scene);
    for (std::size_t i = 0; i < scene.objects.size(); ++i) {
      const FlatObject& one = scene.objects[i];
      const FlatBox& box = scene.boxes[world.things[i].box];
      EXPECT_GE(one.x - one.radius, static_cast<float>(box.left) - 0.01f);
      EXPECT_LE(one.x + one.radius, static_cast<float>(box.right) + 0.01f);
      EXPECT_LE(one.y + one.radius, 100.01f);
      walls += static_cast<int>(world.things[i].walls.size());
      for (std::size_t k = 0; k < i; ++k) {
        towers += program::lies(world.things[i], "on", world.things[k], 0) ? 1 : 0;
        const FlatObject& other = scene.objects[k];
        EXPECT_GE(std::max(std::abs(one.x - other.x), std::abs(one.y - other.y)),
                  one.radius + other.radius - 0.01f);
      }
    }
    const Rendering seen = render(scene);
    for (const Visible& visible : seen.visible) EXPECT_GT(visible.pixels, 20);
  }
  EXPECT_GT(walls, 100);
  EXPECT_GT(towers, 30);
}

}  // namespace
}  // namespace beholder::world
