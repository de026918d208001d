// The bundled model's answers to everyday questions, on given facts of a photo.
#include "scene/answer_scorer.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace beholder::scene {
namespace {

const std::filesystem::path kModel = std::filesystem::path(BEHOLDER_SOURCE_DIR) / "models/beholder";

const AnswerScorer& scorer() {
  static const text::NameTree kTree = text::NameTree::load(kModel / text::NameTree::kFileName);
  static const AnswerScorer kScorer(kModel, kTree);
  return kScorer;
}

/// A photo that says nothing, of one colour.
struct Nothing {
  Nothing() {
    photo.width = photo.height = 8;
    for (int i = 0; i < 64; ++i) photo.rgb.insert(photo.rgb.end(), {20, 60, 220});
    facts.words = scorer().words(at::ones({1760}));
    for (float& one : facts.words) one = 0;
    facts.classes.assign(text::NameTree::kClasses, 1e-3);
    facts.width = facts.height = 100;
    facts.photo = &photo;
  }
  vision::Image photo;
  PhotoFacts facts;
};

TEST(AnswerScorer, AnswersAreOfTheKindThatIsAskedForAndAddUp) {
  const Nothing nothing;
  const auto all = scorer().answer("how many dogs are there?", nothing.facts, 10'000);
  double total = 0;
  for (const ScoredAnswer& one : all.answers) {
    total += one.probability;
    EXPECT_NE(one.answer, "yes");
  }
  EXPECT_NEAR(total, 1, 1e-6);
  EXPECT_EQ(scorer().answer("is it raining?", nothing.facts, 2).answers.size(), 2u);
}

TEST(AnswerScorer, ThePhotoDecides) {
  Nothing photo;
  const std::string question = "what color is the car?";
  EXPECT_EQ(scorer().answer(question, photo.facts, 1).answers.front().answer, "blue");
  const auto probability_of_three = [&] {
    for (const ScoredAnswer& one :
         scorer().answer("how many dogs are there?", photo.facts, 10'000).answers)
      if (one.answer == "3") return one.probability;
    return 0.0;
  };
  const double without = probability_of_three();
  for (int dogs = 0; dogs < 3; ++dogs) {
    Object dog;
    dog.name = "dog";
    dog.confidence = 0.99;
    dog.box = {dogs * 30.0, 0, dogs * 30.0 + 25, 90};
    photo.facts.things.push_back(dog);
  }
  EXPECT_GT(probability_of_three(), 2 * without);
}

TEST(AnswerScorer, WhatWouldBeSaidOfAnyPictureMustBeSurer) {
  const Nothing nothing;
  EXPECT_GE(scorer().answer("is it raining?", nothing.facts, 1).min_confidence, 0.7);
  EXPECT_GE(scorer().answer("how many wishes are there?", nothing.facts, 1).min_confidence, 0.7);
  EXPECT_LT(scorer().answer("how many dogs are there?", nothing.facts, 1).min_confidence, 0.7);
}

TEST(AnswerScorer, StrangeWordsAreNotFamiliar) {
  const Nothing nothing;
  EXPECT_TRUE(scorer().answer("what is on the table?", nothing.facts, 1).familiar);
  EXPECT_FALSE(scorer().answer("qwerty zxcvb asdfg?", nothing.facts, 1).familiar);
}

TEST(AnswerScorer, RanksChoicesThatItKnows) {
  const Nothing nothing;
  const auto ranked = scorer().rank("what color is the car?", nothing.facts, {"Red", "blue"});
  ASSERT_EQ(ranked.size(), 2u);
  EXPECT_EQ(ranked[0].answer, "blue");
  EXPECT_NEAR(ranked[0].probability + ranked[1].probability, 1, 1e-9);
  EXPECT_TRUE(scorer().rank("what color is it?", nothing.facts, {"blue", "xyzzy"}).empty());
}

}  // namespace
}  // namespace beholder::scene
