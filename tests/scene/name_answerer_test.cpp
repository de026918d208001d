// Names of what photos show: the arithmetic on given probabilities, and the bundled model's
// answers.
#include "scene/name_answerer.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>

#include "beholder/engine.hpp"
#include "io/temporary_folder.hpp"
#include "models/native/config.hpp"
#include "support/edited_weights.hpp"
#include "support/text_files.hpp"

namespace beholder::scene {
namespace {

namespace fs = std::filesystem;
using Kind = text::NameQuestion::Kind;
using Seen = NameAnswerer::Seen;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
const fs::path kModel = kRoot / "models/beholder";
constexpr std::size_t kTabby = 281, kEgyptianCat = 285, kBeagle = 162, kFirstDog = 151;

const NameAnswerer& answerer() {
  static const NameAnswerer kAnswerer(text::NameTree::load(kModel / text::NameTree::kFileName),
                                      models::native::load_model_config(kModel).names.value());
  return kAnswerer;
}

std::optional<NameAnswerer::Named> ask(Kind kind, const std::string& noun,
                                       const std::vector<float>& logits,
                                       const std::vector<Seen>& seen = {}) {
  return answerer().answer({kind, noun}, logits, [&] { return seen; });
}

std::vector<float> sure_of(std::size_t which) {
  std::vector<float> out(text::NameTree::kClasses, 0);
  out[which] = 15;
  return out;
}

TEST(NameAnswerer, TheLikeliestClassNamesTheThing) {
  const auto named = ask(Kind::kWhatIs, "", sure_of(kBeagle));
  ASSERT_TRUE(named);
  EXPECT_EQ(named->answers.front().answer, "beagle");
  EXPECT_GT(named->confidence, 0.9);
  EXPECT_EQ(ask(Kind::kWhichKind, "dogs", sure_of(kBeagle))->answers.front().answer, "beagle");
  EXPECT_EQ(ask(Kind::kWhichKind, "animal", sure_of(kBeagle))->answers.front().answer, "beagle");
}

TEST(NameAnswerer, UnsureOfTheBreedItIsSureOfTheDog) {
  std::vector<float> logits(text::NameTree::kClasses, 0);
  for (std::size_t one = kFirstDog; one < kFirstDog + 118; ++one) logits[one] = 10;
  const auto named = ask(Kind::kWhatIs, "", logits);
  ASSERT_TRUE(named);
  EXPECT_EQ(named->answers.front().answer, "dog");
  EXPECT_GT(named->confidence, 0.5);
  EXPECT_FALSE(ask(Kind::kWhatIs, "", std::vector<float>(text::NameTree::kClasses, 0)));
}

TEST(NameAnswerer, TheKindOfANounIsNotTheNoun) {
  // Of a cat nothing is said when a kind of dog is asked for.
  EXPECT_FALSE(ask(Kind::kWhichKind, "dog", sure_of(kTabby)));
  EXPECT_FALSE(ask(Kind::kWhichKind, "blorb", sure_of(kTabby)));
  const auto named = ask(Kind::kWhichKind, "cat", sure_of(kTabby), {{"cat", 0.98, 0.8}});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->answers.front().answer, "tabby");
}

TEST(NameAnswerer, TheDetectorsPlainNameOfTheSameThing) {
  const std::vector<Seen> cat{{"cat", 0.98, 0.8}};
  EXPECT_EQ(ask(Kind::kWhichKind, "animal", sure_of(kTabby), cat)->answers.front().answer, "cat");
  EXPECT_EQ(ask(Kind::kWhatIs, "", sure_of(kTabby), cat)->answers.front().answer, "tabby");
}

TEST(NameAnswerer, WhatNoClassNamesTheDetectorDoes) {
  const std::vector<float> unsure(text::NameTree::kClasses, 0);
  const auto person = ask(Kind::kWhatIs, "", unsure, {{"person", 0.99, 0.9}});
  ASSERT_TRUE(person);
  EXPECT_EQ(person->answers.front().answer, "person");
  const auto giraffe = ask(Kind::kWhichKind, "animal", unsure, {{"giraffe", 0.99, 0.5}});
  ASSERT_TRUE(giraffe);
  EXPECT_EQ(giraffe->answers.front().answer, "giraffe");
  EXPECT_FALSE(ask(Kind::kWhichKind, "animal", unsure, {{"bus", 0.99, 0.5}}));
}

TEST(NameAnswerer, PresenceByClassesAndObjects) {
  const auto first = [&](const char* noun, const std::vector<float>& logits,
                         const std::vector<Seen>& seen = {}) {
    return ask(Kind::kPresence, noun, logits, seen)->answers.front().answer;
  };
  EXPECT_EQ(first("beagle", sure_of(kBeagle)), "yes");
  EXPECT_EQ(first("animals", sure_of(kBeagle)), "yes");
  EXPECT_EQ(first("tabby", sure_of(kBeagle)), "no");
  EXPECT_EQ(first("giraffe", sure_of(kBeagle)), "no");
  EXPECT_EQ(first("giraffe", sure_of(kBeagle), {{"giraffe", 0.9, 0.2}}), "yes");
  EXPECT_EQ(first("person", sure_of(kBeagle), {{"person", 0.95, 0.2}}), "yes");
  EXPECT_FALSE(ask(Kind::kPresence, "blorb", sure_of(kBeagle)));
  const auto named = ask(Kind::kPresence, "beagle", sure_of(kEgyptianCat));
  EXPECT_NEAR(named->answers[0].probability + named->answers[1].probability, 1, 1e-9);
  EXPECT_EQ(named->confidence, named->answers[0].probability);
}

TEST(NameAnswerer, TheDetectorRunsOnlyWhereItMatters) {
  const auto see = []() -> std::vector<Seen> {
    ADD_FAILURE() << "looked";
    return {};
  };
  EXPECT_TRUE(answerer().answer({Kind::kPresence, "beagle"}, sure_of(kBeagle), see));
  EXPECT_TRUE(answerer().answer({Kind::kWhichKind, "dog"}, sure_of(kBeagle),
                                [] { return std::vector<Seen>{}; }));
  EXPECT_FALSE(answerer().answer({Kind::kPresence, "blorb"}, sure_of(kBeagle), see));
}

TEST(NameAnswerer, RefusesWhatIsNotFinite) {
  std::vector<float> logits = sure_of(kTabby);
  logits[7] = std::numeric_limits<float>::quiet_NaN();
  const Error error = tests::error_of([&] { ask(Kind::kWhatIs, "", logits); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
}

TEST(NameAnswerer, ConfigurationIsWrittenAsItIsRead) {
  const models::native::ModelConfig config = models::native::load_model_config(kModel);
  const models::native::ModelConfig again = models::native::read_model_config(
      io::Config::parse(models::native::write_model_config(config), "config.json"));
  ASSERT_TRUE(again.names);
  EXPECT_EQ(again.names->temperature, config.names->temperature);
  EXPECT_EQ(again.names->min_confidence, config.names->min_confidence);
  EXPECT_EQ(again.names->present_both.slopes, config.names->present_both.slopes);
  EXPECT_EQ(again.names->which_right.offset, config.names->which_right.offset);
  nlohmann::json alone = nlohmann::json::parse(models::native::write_model_config(config));
  alone["imagenet_head"] = false;
  EXPECT_EQ(tests::error_of([&] {
              models::native::read_model_config(io::Config::parse(alone.dump(), "config.json"));
            }).code(),
            ErrorCode::kModelFormat);
}

TEST(NameAnswerer, AModelWithoutItsNamesIsRefused) {
  const io::TemporaryFolder folder;
  for (const auto& entry : fs::directory_iterator(kModel))
    if (entry.path().filename() != text::NameTree::kFileName)
      fs::create_symlink(entry.path(), folder / entry.path().filename().string());
  const Error error = tests::error_of([&] { Engine::load(folder.path()); });
  EXPECT_EQ(error.code(), ErrorCode::kFileNotFound);
  EXPECT_NE(std::string(error.what()).find("names.json"), std::string::npos) << error.what();
}

class BundledNames : public ::testing::Test {
 protected:
  static const Engine& engine() {
    static const Engine kEngine = Engine::load(kModel);
    return kEngine;
  }
  static Answer ask(const std::string& photo, const std::string& question,
                    const AnswerOptions& options = {}) {
    return engine().answer(engine().encode(kRoot / "samples" / photo), question, options);
  }
};

TEST_F(BundledNames, AnswersOfTheSamples) {
  EXPECT_EQ(ask("cat.jpg", "what animal is this?").text, "cat");
  EXPECT_EQ(ask("cat.jpg", "is there a cat?").text, "yes");
  EXPECT_EQ(ask("cat.jpg", "is there a dog?").text, "no");
  EXPECT_EQ(ask("cat.jpg", "is this an animal?").text, "yes");
  EXPECT_EQ(ask("coffee.jpg", "is there a cup?").text, "yes");
  EXPECT_EQ(ask("rocket.jpg", "is there a dog?").text, "no");
  EXPECT_EQ(ask("astronaut.jpg", "do you see a person?").text, "yes");
  const Answer named = ask("cat.jpg", "what is this?");
  EXPECT_FALSE(named.abstained);
  EXPECT_EQ(named.method, Method::kDirect);
  EXPECT_GE(named.timing.fusion, 0);
}

TEST_F(BundledNames, ThresholdsAreTheCallersToo) {
  AnswerOptions options;
  options.min_confidence = 1;
  const Answer none = ask("cat.jpg", "is there a cat?", options);
  EXPECT_TRUE(none.abstained);
  EXPECT_EQ(none.text, kAbstention);
  EXPECT_EQ(none.top_k.front().answer, "yes");
  options.min_confidence = 0;
  options.top_k = 2;
  const Answer both = ask("cat.jpg", "is there a cat?", options);
  ASSERT_EQ(both.top_k.size(), 2u);
  EXPECT_NEAR(both.top_k[0].probability + both.top_k[1].probability, 1, 1e-9);
}

TEST_F(BundledNames, ChoicesAndMethodsGoTheirOwnWay) {
  AnswerOptions options;
  options.choices = {"fish", "cat"};
  EXPECT_EQ(ask("cat.jpg", "what animal is this?", options).top_k.front().answer, "cat");
  options = {};
  options.method = Method::kDirect;
  const Answer direct = ask("cat.jpg", "is there a dog?", options),
               named = ask("cat.jpg", "is there a dog?");
  EXPECT_NE(direct.confidence, named.confidence);
}

TEST_F(BundledNames, WhatShowsNoPhotoIsNotNamed) {
  AnswerOptions options;
  options.min_confidence = 0;
  const std::string scene = ask("scene.png", "what is this?", options).text;
  EXPECT_NE(scene.find(" "), std::string::npos) << "a scene is described by its objects: " << scene;
}

}  // namespace
}  // namespace beholder::scene
