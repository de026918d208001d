#include "json/results.hpp"

#include <gtest/gtest.h>

namespace beholder {
namespace {

const Timing kTiming{1, 2, 3, 4};
const std::string kTimingText = R"({"decode":1.0,"vision":2.0,"text":3.0,"fusion":4.0})";
const Object kCube{"cube", {"small", "red"}, {0.04, 1, 20.06, 30.55}, 10.01, 15.5, 0.5};
const std::string kCubeText =
    R"({"name":"cube","attributes":["small","red"],"box":[0.0,1.0,20.1,30.6],)"
    R"("center":[10.0,15.5],"confidence":0.5})";

Answer answer() {
  Answer out;
  out.text = kAbstention;
  out.confidence = 0.25;
  out.abstained = true;
  out.familiar = false;
  out.method = Method::kProgram;
  out.top_k = {{"two", 0.75}, {"one", 0.25}};
  out.timing = kTiming;
  return out;
}

const std::string kAnswerKeys =
    R"("answer":"I don't know","confidence":0.25,"abstained":true,"familiar":false,)"
    R"("method":"program","top_k":[{"answer":"two","probability":0.75},)"
    R"({"answer":"one","probability":0.25}],"timing_ms":)" +
    kTimingText;

TEST(ResultsAsJson, AnAnswerSaysHowItWasFound) {
  EXPECT_EQ(dumped(answer()), "{" + kAnswerKeys + "}");
  Answer direct = answer();
  direct.method = Method::kDirect;
  EXPECT_EQ(Json(direct).at("method"), "direct");
}

TEST(ResultsAsJson, AnExplanationIsItsAnswerWithTheStepsThatLedToIt) {
  Explanation explanation{answer(), "count scene", {{"count", "count all", {kCube}, "1"}}, ""};
  const std::string steps = R"(,"program":"count scene","steps":[{"operation":"count",)"
                            R"("text":"count all","objects":[)" +
                            kCubeText + R"(],"value":"1"}],"failure":)";
  EXPECT_EQ(dumped(explanation), "{" + kAnswerKeys + steps + "null}");
  explanation.failure = "there is no cone";
  EXPECT_EQ(dumped(explanation), "{" + kAnswerKeys + steps + R"("there is no cone"})");
}

TEST(ResultsAsJson, DescriptionsHaveTheirWordsAndGuesses) {
  const Descriptions given{{{kUnsure, 0.5, 0.25, true, "a dog", {{"dog", 0.25}}}}, kTiming};
  EXPECT_EQ(dumped(given),
            R"({"descriptions":[{"text":"I am not sure what this shows","probability":0.5,)"
            R"("confidence":0.25,"abstained":true,"guess":"a dog",)"
            R"("words":[{"word":"dog","probability":0.25}]}],"timing_ms":)" +
                kTimingText + "}");
  EXPECT_EQ(Json(Description()).at("words"), Json::array());
}

TEST(ResultsAsJson, ObjectsAndRelationsAreListedWithBoxesToATenthOfAPixel) {
  EXPECT_EQ(dumped(Objects{{kCube}, kTiming}),
            R"({"objects":[)" + kCubeText + R"(],"timing_ms":)" + kTimingText + "}");
  EXPECT_EQ(dumped(Relations{{{kCube, "left of", kCube, 0.5}}, kTiming}),
            R"({"relations":[{"subject":)" + kCubeText + R"(,"relation":"left of","object":)" +
                kCubeText + R"(,"confidence":0.5}],"timing_ms":)" + kTimingText + "}");
  Reading reading;
  reading.list.push_back({"12 ß", {{{1.04, 2}, {30, 2.06}, {30, 9}, {1, 9}}}, 0.5});
  EXPECT_EQ(
      dumped(Json(reading).at("lines")),
      R"([{"text":"12 ß","corners":[[1.0,2.0],[30.0,2.1],[30.0,9.0],[1.0,9.0]],"confidence":0.5}])");
  EXPECT_EQ(Json(Reading()).at("lines"), Json::array());
  EXPECT_EQ(Json(Objects()).at("objects"), Json::array());
}

TEST(ResultsAsJson, WhereAModelLookedIsInAllAndForEachWord) {
  EXPECT_EQ(dumped(AttentionMap{1, 2, {{"cat", {0.5, 0.5}}}, {0.25, 0.75}}),
            R"({"rows":1,"columns":2,"weights":[0.25,0.75],)"
            R"("words":[{"word":"cat","weights":[0.5,0.5]}]})");
}

TEST(TextAsJson, BytesThatAreNotUtf8AreReplacedAndNamesKeepThem) {
  EXPECT_EQ(dumped(ScoredAnswer{"c\xff", 1}), "{\"answer\":\"c\uFFFD\",\"probability\":1.0}");
  EXPECT_EQ(printable("c\xff"), "c\uFFFD");
  Json row = Json::object();
  put_name(row, "plain.jpg");
  EXPECT_EQ(row.size(), 1u);
  EXPECT_EQ(get_name(row), "plain.jpg");
  put_name(row, "c\xff.jpg");
  EXPECT_EQ(row.at("image_bytes"), "63ff2e6a7067");
  EXPECT_EQ(get_name(row), "c\xff.jpg");
}

}  // namespace
}  // namespace beholder
