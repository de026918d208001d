#include "eval/evaluate.hpp"

#include <gtest/gtest.h>

#include "support/tiny_model.hpp"
#include "text/wordnet.hpp"

namespace beholder::eval {
namespace {

using tests::error_of;
using tests::Json;
using tests::plain_pictures;
using tests::trained_workshop;
using tests::write_text;

const Engine& engine() {
  static const Engine loaded = [] {
    EngineOptions options;
    options.threads = 1;
    return Engine::load(trained_workshop().trained(), options);
  }();
  return loaded;
}

std::string picture(const std::string& file) { return trained_workshop().picture(file).string(); }

std::string question_row(const std::string& image, const std::string& question,
                         const std::string& answer, const std::string& type = "") {
  Json row = {{"image", image}, {"question", question}, {"answer", answer}};
  if (!type.empty()) row["type"] = type;
  return row.dump() + "\n";
}

TEST(Evaluate, WhatManyPeopleSaidCountsBeforeOneAnswer) {
  io::TemporaryFolder folder;
  // Four of ten said nothing that could be compared.
  const Json row = {{"image", picture("r1.png")},
                    {"question", "What color is it?"},
                    {"answer", "blue"},
                    {"answers", {{"???", 4}, {"red", 2}, {"pink", 4}}}};
  write_text(folder / "rows.jsonl", row.dump() + "\n");
  EvalOptions options;
  options.data = folder / "rows.jsonl";
  options.baselines = false;
  const EvalResult result = evaluate(engine(), options, {});
  ASSERT_EQ(result.predictions.size(), 1u);
  EXPECT_EQ(result.predictions[0].prediction, "red");
  EXPECT_NEAR(result.questions.accuracy, (2 * (1 / 3.0) + 8 * (2 / 3.0)) / 10, 1e-9);
}

TEST(Evaluate, MeasuresQuestions) {
  io::TemporaryFolder folder;
  std::string rows;
  for (const auto& plain : plain_pictures()) {
    rows += question_row(picture(plain.file), "What color is it?", plain.color, "color");
    rows += question_row(picture(plain.file), "is it red?", plain.color == "red" ? "yes" : "no",
                         "yes/no");
  }
  write_text(folder / "bad.png", "no picture");
  rows += question_row("bad.png", "is it red?", "yes") + question_row("bad.png", "is it?", "no");
  rows += question_row("missing.png", "is it red?", "yes");
  // What the model cannot say is wrong.
  rows += question_row(picture("r1.png"), "what color is it?", "purple", "color");
  write_text(folder / "rows.jsonl", rows);
  EvalOptions options;
  options.data = folder / "rows.jsonl";
  options.question_only = trained_workshop().trained();
  std::size_t told = 0;
  const EvalResult result = evaluate(engine(), options, [&](std::size_t, std::size_t) {
    ++told;
    return true;
  });
  EXPECT_FALSE(result.captions);
  ASSERT_EQ(result.predictions.size(), 17u);
  EXPECT_GE(told, 20u);
  ASSERT_EQ(result.unreadable.size(), 2u);  // a picture is named once
  EXPECT_NE(result.unreadable[0].find("bad.png"), std::string::npos);
  EXPECT_NE(result.unreadable[1].find("missing.png"), std::string::npos);
  EXPECT_EQ(result.predictions[0].prediction, "red");
  EXPECT_EQ(result.predictions[0].expected, std::vector<std::string>{"red"});
  EXPECT_EQ(result.predictions[16].correct, 0);

  const QuestionFigures& figures = result.questions;
  EXPECT_NEAR(figures.accuracy, 16.0 / 17, 1e-12);
  EXPECT_LE(figures.accuracy_interval.low, figures.accuracy);
  EXPECT_GE(figures.accuracy_interval.high, figures.accuracy);
  EXPECT_EQ(figures.coverage, 1);  // the tiny model has no threshold
  ASSERT_TRUE(figures.accuracy_answered);
  EXPECT_EQ(*figures.accuracy_answered, figures.accuracy);
  for (const auto& blind :
       {figures.question_only, figures.blank_picture, figures.shuffled_pictures}) {
    ASSERT_TRUE(blind);
    EXPECT_LT(*blind, figures.accuracy);
  }
  ASSERT_TRUE(figures.over_question_only);
  EXPECT_NEAR(figures.over_question_only->mean, figures.accuracy - *figures.question_only, 1e-9);
  ASSERT_EQ(figures.by_type.size(), 2u);
  EXPECT_EQ(figures.by_type[0].first, "color");
  EXPECT_NEAR(figures.by_type[0].second.first, 8.0 / 9, 1e-12);
  EXPECT_EQ(figures.by_type[1].second.second, 8u);

  options.limit = 3;
  options.baselines = false;
  options.question_only.clear();
  const EvalResult some = evaluate(engine(), options, {});
  EXPECT_EQ(some.predictions.size(), 3u);
  EXPECT_FALSE(some.questions.blank_picture);
  EXPECT_FALSE(some.questions.question_only);
}

// However few there are, no row may see its own picture in the shuffled baseline.
TEST(Evaluate, ShufflesEvenTwoPictures) {
  io::TemporaryFolder folder;
  std::string rows;
  for (const char* file : {"r1.png", "b1.png", "g1.png"}) {
    const std::string color = file[0] == 'r' ? "red" : file[0] == 'b' ? "blue" : "green";
    rows += question_row(picture(file), "what color is it?", color);
    if (file[0] == 'r') continue;  // one picture alone has no other
    write_text(folder / "rows.jsonl", rows);
    EvalOptions options;
    options.data = folder / "rows.jsonl";
    const QuestionFigures figures = evaluate(engine(), options, {}).questions;
    EXPECT_EQ(figures.accuracy, 1);
    EXPECT_EQ(figures.shuffled_pictures, 0.0) << file;
  }
}

TEST(Evaluate, MeasuresCaptions) {
  io::TemporaryFolder folder;
  std::string rows;
  for (const auto& plain : plain_pictures())
    rows += Json({{"image", picture(plain.file)},
                  {"captions", {"a " + plain.color + " square", "it is " + plain.color}}})
                .dump() +
            "\n";
  rows += Json({{"image", "missing.png"}, {"captions", {"a square"}}}).dump() + "\n";
  write_text(folder / "rows.jsonl", rows);
  EvalOptions options;
  options.data = folder / "rows.jsonl";
  const EvalResult result = evaluate(engine(), options, {});
  EXPECT_TRUE(result.captions);
  ASSERT_EQ(result.predictions.size(), 8u);
  EXPECT_EQ(result.predictions[0].expected.size(), 2u);
  ASSERT_EQ(result.unreadable.size(), 1u);
  EXPECT_NE(result.unreadable[0].find("missing.png"), std::string::npos);
  EXPECT_GT(result.caption.bleu[0], 0.9);
  EXPECT_LE(result.caption.bleu[0], 1);
  EXPECT_GT(result.caption.cider, 0.5);
  EXPECT_LE(result.caption.cider_interval.low, result.caption.cider);
  EXPECT_EQ(result.caption.given, 1) << "without a calibration nothing is withheld";
  EXPECT_FALSE(result.caption.ece_words);
  EXPECT_EQ(result.caption.support, text::WordNet::installed());
  if (!result.caption.support) return;
  EXPECT_GE(result.caption.words, 8u);
  EXPECT_GT(result.caption.supported, 0.9);
  EXPECT_EQ(result.caption.supported_given, result.caption.supported);
  // All that is said is true, and said with the network's own probabilities.
  double confidence = 0;
  for (const Prediction& one : result.predictions) confidence += one.confidence / 8;
  EXPECT_NEAR(result.caption.ece, result.caption.supported - confidence, 0.05);
}

TEST(Evaluate, RefusesWhatItCannotMeasure) {
  io::TemporaryFolder folder;
  EvalOptions options;
  options.data = folder / "rows.jsonl";
  EXPECT_EQ(error_of([&] { evaluate(engine(), options, {}); }).code(), ErrorCode::kFileNotFound);
  write_text(options.data, question_row("missing.png", "is it red?", "yes"));
  Error error = error_of([&] { evaluate(engine(), options, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("missing.png"), std::string::npos) << error.what();
  write_text(options.data, question_row(picture("r1.png"), "is it red?", "yes") + "{}\n");
  error = error_of([&] { evaluate(engine(), options, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("rows.jsonl:2"), std::string::npos) << error.what();
  write_text(options.data, question_row(picture("r1.png"), "is it red?", "yes"));
  const auto stop = [](std::size_t, std::size_t) { return false; };
  EXPECT_EQ(error_of([&] { evaluate(engine(), options, stop); }).code(), ErrorCode::kCancelled);
}

}  // namespace
}  // namespace beholder::eval
