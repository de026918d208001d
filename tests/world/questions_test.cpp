#include "world/questions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "program/meaning.hpp"
#include "program/picture_dependence.hpp"
#include "text/question_kind.hpp"
#include "world/captions.hpp"
#include "world/flat_scene.hpp"
#include "world/sampler.hpp"
#include "world/words.hpp"

namespace beholder::world {
namespace {

std::vector<program::World> worlds(bool flat, std::size_t count) {
  std::vector<program::World> out;
  for (std::uint64_t seed = 0; seed < count; ++seed)
    out.push_back(flat ? world_of(sample_flat_scene({}, seed))
                       : world_of(sample_scene(clevr_style(), seed)));
  return out;
}

TEST(Questions, ProgramsGiveTheAnswers) {
  for (const bool flat : {false, true}) {
    Questioner questioner(flat ? flat_language() : ground_language(), 3);
    std::set<std::string> families;
    for (const program::World& world : worlds(flat, 60))
      for (const Question& question : questioner.ask(world, 12)) {
        families.insert(question.family);
        program::check_program(question.program);
        const auto execution = program::execute(question.program, world);
        ASSERT_TRUE(execution.ok()) << question.text << execution.failure;
        std::string answer = program::answer_text(execution.values.back());
        if (question.family == "statement") answer = answer == "yes" ? "true" : "false";
        EXPECT_EQ(answer, question.answer) << question.text;
        EXPECT_EQ(question.text.find('%'), std::string::npos);
        EXPECT_EQ(question.text.find("  "), std::string::npos) << question.text;
        EXPECT_TRUE(question.text.back() == '?' || question.text.back() == '.') << question.text;
        // Every object that is spoken of as "the …" is the only one of its kind.
        const auto text = program::program_to_text(question.program);
        EXPECT_EQ(program::program_to_text(program::program_from_text(text)), text);
      }
    EXPECT_EQ(families.size(), 19u);
  }
}

/// What is taught must pass the check that answers are held to.
TEST(Questions, ProgramsMeanWhatIsAsked) {
  for (const bool flat : {false, true}) {
    Questioner questioner(flat ? flat_language() : ground_language(), 9);
    int asked = 0;
    for (const program::World& world : worlds(flat, 80))
      for (const Question& question : questioner.ask(world, 12)) {
        const text::AskedFor kind = text::asked_for(question.text);
        EXPECT_EQ(program::misreading(question.program, program::asked_of(question.text)), "")
            << question.text << " " << program::program_to_text(question.program);
        const std::string answer = question.answer == "true"    ? "yes"
                                   : question.answer == "false" ? "no"
                                                                : question.answer;
        EXPECT_TRUE(text::fits(kind, answer)) << question.text << " " << answer;
        EXPECT_TRUE(program::depends_on_picture(question.program))
            << question.text << " " << program::program_to_text(question.program);
        ++asked;
      }
    EXPECT_GT(asked, 700);
  }
}

TEST(Questions, AnswersAreBalanced) {
  Questioner questioner(ground_language(), 5);
  std::map<std::string, std::map<std::string, int>> answers;
  for (const program::World& world : worlds(false, 250))
    for (const Question& question : questioner.ask(world, 10))
      ++answers[question.family][question.answer];
  for (const char* family :
       {"exist", "compare", "compare_count", "quantifier", "statement", "whether", "place_exist"}) {
    const auto& counts = answers[family];
    ASSERT_EQ(counts.size(), 2u) << family;
    const int a = counts.begin()->second, b = counts.rbegin()->second;
    EXPECT_LT(std::max(a, b), 0.8 * (a + b)) << family;
  }
  const auto& counts = answers["count"];
  int total = 0, most = 0;
  for (const auto& [answer, count] : counts) {
    total += count;
    most = std::max(most, count);
  }
  EXPECT_LT(most, 0.35 * total);
}

// A relation that changes nothing would teach that relations may be skipped.
TEST(Questions, RelationsNarrow) {
  std::size_t seen = 0;
  for (const program::World& world : worlds(false, 40))
    for (const Reference& reference : references(world, ground_language(), 9)) {
      const auto execution = program::execute(reference.program, world);
      ASSERT_TRUE(execution.ok());
      EXPECT_EQ(std::get<program::Object>(execution.values.back()).place, reference.object);
      EXPECT_EQ(reference.text.rfind("the ", 0), 0u);
      const bool related = std::any_of(
          reference.program.begin(), reference.program.end(),
          [](const auto& step) { return step.operation == program::Operation::kRelate; });
      if (!related) continue;
      ++seen;
      // The last filters alone, on the whole scene, name more than the one.
      program::Program alone = {{program::Operation::kScene, "", "", {}}};
      std::size_t last = reference.program.size() - 2;
      std::vector<program::Step> filters;
      while (reference.program[last].operation == program::Operation::kFilter)
        filters.push_back(reference.program[last--]);
      for (program::Step step : filters) {
        step.inputs = {alone.size() - 1};
        alone.push_back(step);
      }
      EXPECT_GT(std::get<program::Set>(program::execute(alone, world).values.back()).size(), 1u);
    }
  EXPECT_GT(seen, 5u);
}

TEST(Questions, SameSeedSameQuestions) {
  const auto all = worlds(false, 5);
  Questioner a(ground_language(), 1), b(ground_language(), 1);
  for (const auto& world : all) {
    const auto x = a.ask(world, 8), y = b.ask(world, 8);
    ASSERT_EQ(x.size(), y.size());
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(x[i].text, y[i].text);
  }
  EXPECT_TRUE(Questioner(ground_language(), 1).ask({}, 8).empty());
}

TEST(Questions, CaptionsAreDifferent) {
  for (const auto& world : worlds(false, 20)) {
    const auto said = captions(world, ground_language(), 4, 5);
    EXPECT_GE(said.size(), 3u);
    EXPECT_EQ(std::set<std::string>(said.begin(), said.end()).size(), said.size());
  }
  EXPECT_TRUE(captions({}, ground_language(), 4, 5).empty());
}

TEST(Words, Forms) {
  Random random(1);
  EXPECT_EQ(filled("a %s b %s", {"x", "y"}), "a x b y");
  EXPECT_EQ(number_word(3), "three");
  EXPECT_EQ(number_word(12), "12");
  EXPECT_EQ(noun_phrase({{"color", "red"}, {"shape", "cylinder"}}, true, random), "red cylinders");
  for (const char* direction : {"left", "right", "front", "behind", "above", "below"})
    EXPECT_FALSE(direction_phrase(direction, random).empty());
}

}  // namespace
}  // namespace beholder::world
