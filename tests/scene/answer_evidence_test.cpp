// Evidence for and against answers, on given facts of a photo.
#include "scene/answer_evidence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

namespace beholder::scene {
namespace {

const text::NameTree& tree() {
  static const text::NameTree kTree = text::NameTree::load(
      std::filesystem::path(BEHOLDER_SOURCE_DIR) / "models/beholder" / text::NameTree::kFileName);
  return kTree;
}

const std::vector<std::string> kAnswers = {"yes",  "no",  "0",   "1",      "2",      "red",
                                           "blue", "bus", "man", "beagle", "freedom"};
constexpr std::size_t kRed = 5, kBlue = 6, kBus = 7, kMan = 8, kBeagleAnswer = 9, kFreedom = 10;
constexpr std::size_t kBeagleClass = 162;

class AnswerEvidenceOf : public ::testing::Test {
 protected:
  AnswerEvidenceOf()
      : usual_{std::vector<double>(text::NameTree::kClasses, 1e-3),
               std::vector<double>(kPhotoColors.size(), 1.0 / 12)},
        evidence_(kAnswers, {"bus", "man"}, tree(), usual_) {
    // The left half is red, the right half blue.
    photo_.width = photo_.height = 40;
    for (int y = 0; y < 40; ++y)
      for (int x = 0; x < 40; ++x)
        for (const int c : {x < 20 ? 220 : 20, 20, x < 20 ? 20 : 220})
          photo_.rgb.push_back(static_cast<std::uint8_t>(c));
    facts_.words = {2.5F, -1.0F};
    facts_.classes.assign(text::NameTree::kClasses, 0);
    facts_.classes[kBeagleClass] = 1;
    facts_.width = facts_.height = 400;
    facts_.photo = &photo_;
  }

  void see(const std::string& name, double confidence, Box box) {
    Object thing;
    thing.name = name;
    thing.confidence = confidence;
    thing.box = box;
    facts_.things.push_back(thing);
  }

  float of(const std::string& question, std::size_t answer, Evidence kind) const {
    const std::vector<float> prior(kAnswers.size(), -2.0F);
    const auto all = evidence_.of(text::asked_for(question), question, prior, facts_);
    return all.at(answer * kEvidences + static_cast<std::size_t>(kind));
  }

  UsualPhoto usual_;
  AnswerEvidence evidence_;
  vision::Image photo_;
  PhotoFacts facts_;
};

TEST_F(AnswerEvidenceOf, ThingsAndNames) {
  see("bus", 0.9, {0, 0, 100, 100});
  const std::string question = "What is parked here?";
  EXPECT_FLOAT_EQ(of(question, kBus, Evidence::kPrior), -2);
  EXPECT_FLOAT_EQ(of(question, kBus, Evidence::kWord), 2.5F);
  EXPECT_GT(of(question, kBus, Evidence::kSeen), 1.5F);
  EXPECT_FLOAT_EQ(of(question, kBus, Evidence::kSeeable), 1);
  EXPECT_LT(of(question, kMan, Evidence::kSeen), -3);  // a man is a person, whom nobody sees
  EXPECT_FLOAT_EQ(of(question, kMan, Evidence::kSeeable), 1);
  EXPECT_GT(of(question, kBeagleAnswer, Evidence::kNamed), 5);
  EXPECT_FLOAT_EQ(of(question, kBeagleAnswer, Evidence::kSeeable), 1);  // a kind of dog
  for (const Evidence kind : {Evidence::kWord, Evidence::kSeen, Evidence::kNamed})
    EXPECT_FLOAT_EQ(of(question, kFreedom, kind), 0) << static_cast<int>(kind);
}

TEST_F(AnswerEvidenceOf, Numbers) {
  see("person", 0.9, {0, 0, 50, 50});
  see("person", 0.8, {60, 0, 90, 50});
  see("bus", 0.9, {0, 0, 100, 100});
  const std::string question = "How many men are there?";
  constexpr std::size_t kZero = 2, kOne = 3, kTwo = 4;
  EXPECT_NEAR(of(question, kTwo, Evidence::kCountLikely), std::log(0.72 + 0.01), 1e-5);
  EXPECT_GT(of(question, kTwo, Evidence::kCountLikely), of(question, kOne, Evidence::kCountLikely));
  EXPECT_GT(of(question, kTwo, Evidence::kCountNear), of(question, kZero, Evidence::kCountNear));
  EXPECT_FLOAT_EQ(of(question, kZero, Evidence::kCountNone), 1);
  // Nothing is known about what the detector does not find.
  EXPECT_FLOAT_EQ(of("How many wishes are there?", kTwo, Evidence::kCountNear), 0);
}

TEST_F(AnswerEvidenceOf, ColoursAreOfTheThing) {
  see("bus", 0.9, {210, 10, 390, 390});
  const std::string question = "What color is the bus?";
  EXPECT_GT(of(question, kBlue, Evidence::kColorOfThing), 1);
  EXPECT_LT(of(question, kRed, Evidence::kColorOfThing), -1);
  EXPECT_FLOAT_EQ(of(question, kBlue, Evidence::kColorOfPhoto), 0);
  EXPECT_FLOAT_EQ(of("What color is the sky?", kBlue, Evidence::kColorOfThing), 0);
  EXPECT_GT(of("What color is the sky?", kBlue, Evidence::kColorOfPhoto), 0.5F);
}

TEST_F(AnswerEvidenceOf, TheDetectorIsAskedWhereItMatters) {
  const auto wants = [&](const char* question) {
    return evidence_.wants_things(text::asked_for(question), question);
  };
  EXPECT_TRUE(wants("How many dogs are there?"));
  EXPECT_FALSE(wants("How many wishes are there?"));
  EXPECT_TRUE(wants("What color is the bus?"));
  EXPECT_FALSE(wants("Is it raining?"));
  EXPECT_TRUE(wants("What is the man holding?"));
}

}  // namespace
}  // namespace beholder::scene
