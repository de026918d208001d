// Objects, relations and explained answers of the bundled model, on scenes drawn for the test.
#include <gtest/gtest.h>

#include <cmath>

#include "program/program.hpp"
#include "scene/answerer.hpp"
#include "support/bundled_model.hpp"
#include "support/text_files.hpp"
#include "support/tiny_model.hpp"
#include "world/questions.hpp"
#include "world/renderer.hpp"
#include "world/sampler.hpp"

namespace beholder {
namespace {

struct Drawn {
  world::Scene scene;
  Picture picture;
};

const std::vector<Drawn>& drawn() {
  static const std::vector<Drawn> scenes = [] {
    std::vector<Drawn> out;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
      const world::Scene scene =
          world::sample_scene(world::clevr_style(), Random::of_run(77, seed).next());
      const vision::Image image = world::render(scene).image;
      out.push_back({scene, bundled().encode_rgb(image.rgb.data(), image.width, image.height)});
    }
    return out;
  }();
  return scenes;
}

TEST(Scene, ObjectsHaveTheirAttributesAndPlaces) {
  std::size_t right = 0, found = 0, there = 0;
  for (const Drawn& one : drawn()) {
    const Objects objects = bundled().objects(one.picture);
    found += objects.list.size();
    there += one.scene.objects.size();
    for (const world::SceneObject& truth : one.scene.objects) {
      const world::Vec3 at = one.scene.camera.project(truth.centre);
      for (const Object& object : objects.list) {
        const bool near = std::hypot(object.center_x - at.x, object.center_y - at.y) < 8;
        const std::vector<std::string> wanted = {truth.size, truth.color,
                                                 world::material_name(truth.material)};
        if (near && object.name == world::shape_name(truth.shape) && object.attributes == wanted) {
          ++right;
          EXPECT_LT(object.box.left, object.box.right);
          EXPECT_LT(object.box.top, object.box.bottom);
          EXPECT_GE(object.box.left, 0);
          EXPECT_LE(object.box.right, 320);
          break;
        }
      }
    }
  }
  EXPECT_GT(2.0 * static_cast<double>(right) / static_cast<double>(found + there), 0.9);
}

TEST(Scene, ConfidenceAndNumberCutTheList) {
  const Picture& picture = drawn().front().picture;
  ObjectsOptions all, few, sure;
  all.min_confidence = 0;
  few.max_objects = 2;
  sure.min_confidence = 1;
  const std::size_t most = bundled().objects(picture, all).list.size();
  EXPECT_GE(most, bundled().objects(picture).list.size());
  EXPECT_EQ(bundled().objects(picture, few).list.size(), 2u);
  EXPECT_TRUE(bundled().objects(picture, sure).list.empty());
  ObjectsOptions wrong;
  wrong.max_objects = 0;
  EXPECT_EQ(tests::error_of([&] { bundled().objects(picture, wrong); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(tests::error_of([&] { bundled().objects(Picture()); }).code(), ErrorCode::kUsage);
}

TEST(Scene, RelationsAreSaidFromBothSides) {
  for (const Drawn& one : drawn()) {
    const Relations relations = bundled().relations(one.picture);
    const std::size_t objects = bundled().objects(one.picture).list.size();
    EXPECT_EQ(relations.list.size(), 2 * objects * (objects - 1));
    for (const Relation& relation : relations.list) {
      const std::string back = relation.relation == "left of"    ? "right of"
                               : relation.relation == "right of" ? "left of"
                               : relation.relation == "behind"   ? "in front of"
                                                                 : "behind";
      const bool answered =
          std::any_of(relations.list.begin(), relations.list.end(), [&](const Relation& other) {
            return other.relation == back && other.subject.center_x == relation.object.center_x &&
                   other.object.center_x == relation.subject.center_x;
          });
      EXPECT_TRUE(answered) << relation.relation;
    }
  }
}

TEST(Scene, AProgramThatDoesNotEndSaysWhy) {
  AnswerOptions options;
  options.method = Method::kProgram;
  // Few scenes have both; in the others the step that finds nothing is said.
  std::size_t said = 0;
  for (const Drawn& one : drawn()) {
    const Explanation explanation = bundled().explain(
        one.picture, "What size is the purple cube that is left of the yellow metal cylinder?",
        options);
    EXPECT_NE(explanation.steps.empty(), explanation.failure.empty());
    if (explanation.failure.rfind("there is ", 0) == 0) ++said;
    EXPECT_TRUE(explanation.failure.empty() || explanation.answer.abstained);
  }
  EXPECT_GT(said, 0u);
}

// A trace is faithful when its program, run again on the objects that were found, passes through
// the same steps and gives the same answer.
TEST(Scene, TracesExecuteToTheAnswerGiven) {
  world::Questioner questioner(world::ground_language(), 5);
  std::size_t explained = 0, right = 0, asked = 0;
  for (const Drawn& one : drawn()) {
    const scene::SceneView& seen =
        bundled_model().view(bundled_model().own_picture(*one.picture.encoded()));
    for (const world::Question& question : questioner.ask(world::world_of(one.scene), 8)) {
      AnswerOptions options;
      options.min_confidence = 0;
      const Explanation explanation = bundled().explain(one.picture, question.text, options);
      ++asked;
      const std::string wanted = question.answer == "true"    ? "yes"
                                 : question.answer == "false" ? "no"
                                                              : question.answer;
      right += explanation.answer.text == wanted;
      if (explanation.answer.method != Method::kProgram) {
        EXPECT_TRUE(explanation.steps.empty());
        continue;
      }
      ++explained;
      ASSERT_FALSE(explanation.steps.empty()) << question.text;
      EXPECT_EQ(explanation.steps.back().value, explanation.answer.text);
      const scene::SceneView view =
          scene::answer_by_program(bundled_model().checkpoint().reasoning(), seen, question.text,
                                   nullptr)
              .view;
      const auto program = program::program_from_text(explanation.program);
      const auto execution = execute(program, view.world);
      ASSERT_TRUE(execution.ok()) << explanation.program;
      EXPECT_EQ(program::answer_text(execution.values.back()), explanation.answer.text);
      for (const TraceStep& step : explanation.steps)
        for (const Object& object : step.objects)
          EXPECT_TRUE(
              std::any_of(view.objects.begin(), view.objects.end(), [&](const Object& known) {
                return known.center_x == object.center_x && known.center_y == object.center_y;
              }));
    }
  }
  EXPECT_GT(explained, asked / 2);
  EXPECT_GT(right, asked * 7 / 10) << right << " of " << asked;
}

// A program can be written for any words; of words that it never saw it knows nothing.
TEST(Scene, QuestionsInUnknownWordsAreNotAnswered) {
  const Picture& picture = drawn().front().picture;
  for (const char* question : {"What is the weather like?", "Who is the president of France?",
                               "Why is the sphere red?", "What is the average?"}) {
    const Answer answer = bundled().answer(picture, question, {});
    EXPECT_TRUE(answer.abstained) << question;
    EXPECT_FALSE(answer.familiar) << question;
    EXPECT_LE(answer.confidence, 0.1) << question;
  }
  for (const char* question : {"How many things can you see in the picture?", "Is there a dog?"}) {
    const Answer answer = bundled().answer(picture, question, {});
    EXPECT_TRUE(answer.familiar) << question;
    EXPECT_FALSE(answer.abstained) << question;
  }
}

TEST(Scene, ABallIsASphereAmongSolids) {
  for (const Drawn& one : drawn()) {
    std::size_t spheres = 0;
    for (const world::SceneObject& object : one.scene.objects)
      spheres += object.shape == world::Shape::kSphere;
    if (spheres == 0) continue;
    EXPECT_EQ(bundled().answer(one.picture, "Are there any balls?", {}).text, "yes");
    return;
  }
  FAIL() << "none of the scenes has a sphere";
}

TEST(Scene, AMethodCanBeAskedFor) {
  const Picture& picture = drawn().front().picture;
  AnswerOptions options;
  options.method = Method::kDirect;
  EXPECT_EQ(bundled().answer(picture, "How many things are there?", options).method,
            Method::kDirect);
  options.method = Method::kProgram;
  EXPECT_EQ(bundled().answer(picture, "How many things are there?", options).method,
            Method::kProgram);
}

TEST(Scene, ModelsWithoutADetectorSaySo) {
  EngineOptions options;
  options.threads = 1;
  const Engine plain = Engine::load(tests::trained_workshop().trained(), options);
  const Picture picture =
      plain.encode(tests::trained_workshop().picture(tests::plain_pictures()[0].file));
  EXPECT_FALSE(plain.can(Skill::kObjects));
  EXPECT_FALSE(plain.can(Skill::kExplain));
  const auto code = [](const std::function<void()>& action) {
    return tests::error_of(action).code();
  };
  EXPECT_EQ(code([&] { plain.objects(picture); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { plain.relations(picture); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { plain.explain(picture, "is it red?"); }), ErrorCode::kUnsupported);
  AnswerOptions program;
  program.method = Method::kProgram;
  EXPECT_EQ(code([&] { plain.answer(picture, "is it red?", program); }), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace beholder
