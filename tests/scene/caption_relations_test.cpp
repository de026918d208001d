// What descriptions say of a photo's objects, on objects made by hand.
#include "scene/caption_relations.hpp"

#include <gtest/gtest.h>

namespace beholder::scene {
namespace {

Object object(const std::string& name, double left, double right, double confidence) {
  Object out;
  out.name = name;
  out.box = {left, 0, right, 100};
  out.confidence = confidence;
  return out;
}

/// Two people, a bicycle beside the second, a dining table.
std::vector<Object> street() {
  return {object("person", 0, 50, 0.9), object("person", 300, 350, 0.8),
          object("bicycle", 300, 400, 0.6), object("dining table", 600, 700, 0.5)};
}

Description said_with(const std::string& text, double probability) {
  Description out;
  out.text = text;
  out.probability = probability;
  return out;
}

TEST(CaptionRelations, WhatIsSaidHoldsBetweenTheNearestOfItsKinds) {
  const auto said = relations_said({said_with("a man riding a bike", 0.5)}, street());
  ASSERT_EQ(said.size(), 1u);
  EXPECT_EQ(said[0].subject.box.left, 300);
  EXPECT_EQ(said[0].relation, "riding");
  EXPECT_EQ(said[0].object.name, "bicycle");
  EXPECT_DOUBLE_EQ(said[0].confidence, 0.6);
}

TEST(CaptionRelations, ConfidenceIsTheShareOfTheDescriptionsThatSayIt) {
  const auto said = relations_said(
      {said_with("a man is riding a bike down the street", 0.3),
       said_with("a man riding a bike", 0.3), said_with("a boy sits on a bicycle", 0.2),
       said_with("a boy with a bicycle", 0.1), said_with("a street", 0.1)},
      street());
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].relation, "riding");
  EXPECT_NEAR(said[0].confidence, 0.6 * 0.6, 1e-12);
  EXPECT_EQ(said[1].relation, "sitting on");
  EXPECT_NEAR(said[1].confidence, 0.2 * 0.6, 1e-12);
}

TEST(CaptionRelations, WhatWasNotFoundIsNotSaid) {
  EXPECT_TRUE(relations_said({said_with("a man riding a horse", 1)}, street()).empty());
  EXPECT_TRUE(relations_said({said_with("a man with no bike", 1)}, street()).empty());
  EXPECT_TRUE(relations_said({}, street()).empty());
  EXPECT_TRUE(relations_said({said_with("a man riding a bike", 1)}, {}).empty());
}

TEST(CaptionRelations, NounsOfCaptionsMeanKindsOfTheDetector) {
  const auto one = [](const char* kind) { return std::vector<std::string>{kind}; };
  EXPECT_EQ(kinds_meant("man"), one("person"));
  EXPECT_EQ(kinds_meant("child"), one("person"));
  EXPECT_EQ(kinds_meant("dog"), one("dog"));
  EXPECT_EQ(kinds_meant("bike"), one("bicycle"));
  EXPECT_EQ(kinds_meant("chair"), one("chair"));
  EXPECT_EQ(kinds_meant("table"), one("dining table"));
  EXPECT_EQ(kinds_meant("bag").size(), 3u);
  EXPECT_TRUE(kinds_meant("").empty());
  EXPECT_TRUE(kinds_meant("shirt").empty());
}

}  // namespace
}  // namespace beholder::scene
