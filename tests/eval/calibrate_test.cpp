#include "eval/calibrate.hpp"

#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "models/native/config.hpp"
#include "support/tiny_model.hpp"

namespace beholder::eval {
namespace {

using tests::error_of;
using tests::plain_pictures;
using tests::trained_workshop;

/// Rows of which half expect an answer that the model never gives, though it is nearly certain.
CalibrationData half_right() {
  CalibrationData data;
  for (const auto& plain : plain_pictures()) {
    data.pictures.push_back(trained_workshop().picture(plain.file));
    for (int i = 0; i < 8; ++i)
      data.held_out.push_back({trained_workshop().picture(plain.file),
                               "what color is it?",
                               {{i % 2 == 0 ? plain.color : "dog", 1}},
                               "",
                               ""});
  }
  data.questions = {"what color is it?", "is it red?"};
  data.familiar_pictures = data.pictures;
  data.familiar_questions = data.questions;
  return data;
}

TEST(Calibrate, MakesConfidenceMeanWhatItSays) {
  io::TemporaryFolder folder;
  CalibrationOptions options;
  options.accuracy_answered = 0.4;
  options.least_rows = 50;
  const CalibrationReport report =
      calibrate(trained_workshop().trained(), folder / "model", half_right(), options, {});
  EXPECT_EQ(report.rows, 64u);
  EXPECT_GT(report.ece_before, 0.3);
  EXPECT_LT(report.ece_after, 0.1);
  EXPECT_GE(report.accuracy_answered, 0.4);
  EXPECT_GT(report.coverage, 0);

  const Engine engine = Engine::load(folder / "model");
  EXPECT_NEAR(engine.info().default_min_confidence, report.calibration.min_confidence, 1e-9);
  const Picture red = engine.encode(trained_workshop().picture("r1.png"));
  const Answer answer = engine.answer(red, "what color is it?");
  EXPECT_TRUE(answer.familiar);
  EXPECT_NEAR(answer.confidence, 0.5, 0.1);
  EXPECT_EQ(answer.top_k.at(0).answer, "red");
  EXPECT_GT(answer.top_k.at(0).probability, 0.8);  // the raw one stays as it was

  // Neither such pictures nor such questions were in the rows.
  std::vector<std::uint8_t> stripes;
  for (int i = 0; i < 32 * 32; ++i)
    for (int channel = 0; channel < 3; ++channel)
      stripes.push_back(i % 32 < 16 ? 255 : channel == 1 ? 120 : 0);
  const Answer strange =
      engine.answer(engine.encode_rgb(stripes.data(), 32, 32), "what color is it?");
  EXPECT_FALSE(strange.familiar);
  EXPECT_TRUE(strange.abstained);
  EXPECT_LE(strange.confidence, 0.5);
  EXPECT_FALSE(engine.answer(red, "square dog there the a").familiar);
}

TEST(Calibrate, MayReplaceTheModelAndDoItAgain) {
  io::TemporaryFolder folder;
  std::filesystem::copy(trained_workshop().trained(), folder / "model");
  CalibrationOptions options;
  options.least_rows = 50;
  const CalibrationReport first =
      calibrate(folder / "model", folder / "model", half_right(), options, {});
  const CalibrationReport second =
      calibrate(folder / "model", folder / "model", half_right(), options, {});
  EXPECT_NEAR(first.ece_before, second.ece_before, 1e-6);
  EXPECT_NEAR(first.calibration.offset, second.calibration.offset, 1e-3);
  EXPECT_FALSE(Engine::load(folder / "model").answer(Picture(), "is it red?").text.empty());
}

// Of yes and no three in four are right here, of all else half: each gets a confidence of its own.
TEST(Calibrate, AnswersAloneAreFitByKindAndTheRestIsKept) {
  io::TemporaryFolder folder;
  CalibrationOptions few;
  few.least_rows = 50;
  calibrate(trained_workshop().trained(), folder / "model", half_right(), few, {});
  const auto before = models::native::load_model_config(folder / "model").calibration;
  CalibrationData data;
  data.held_out = half_right().held_out;
  for (const auto& plain : plain_pictures())
    for (int i = 0; i < 8; ++i) {
      const bool red = plain.color == "red";
      data.held_out.push_back({trained_workshop().picture(plain.file),
                               "is it red?",
                               {{(i % 4 == 0) != red ? "yes" : "no", 4}, {"maybe", 1}},
                               "",
                               ""});
    }
  CalibrationOptions options;
  options.answers_only = true;
  options.least_rows = 50;
  options.accuracy_answered = 0.6;
  const CalibrationReport report = calibrate(folder / "model", folder / "model", data, options, {});
  EXPECT_EQ(report.rows, 128u);
  EXPECT_EQ(report.yes_no_rows, 64u);
  EXPECT_EQ(report.number_rows, 0u);
  const auto after = models::native::load_model_config(folder / "model").calibration;
  EXPECT_EQ(after.max_picture_distance, before.max_picture_distance);
  EXPECT_EQ(after.max_question_distance, before.max_question_distance);
  // Half of the colours are right, which is not enough; yes and no are.
  EXPECT_EQ(after.min_confidence, 1);
  EXPECT_LT(after.yes_no_min_confidence, 0.8);
  EXPECT_EQ(after.number_min_confidence, after.min_confidence);
  const Engine engine = Engine::load(folder / "model");
  const Picture red = engine.encode(trained_workshop().picture("r1.png"));
  EXPECT_NEAR(engine.answer(red, "is it red?").confidence, 0.75, 0.1);
  EXPECT_FALSE(engine.answer(red, "is it red?").abstained);
  EXPECT_NEAR(engine.answer(red, "what color is it?").confidence, 0.5, 0.1);
  EXPECT_TRUE(engine.answer(red, "what color is it?").abstained);
  EXPECT_FALSE(engine.answer(red, "square dog there the a").familiar);
}

TEST(Calibrate, RefusesTooLittle) {
  io::TemporaryFolder folder;
  CalibrationOptions options;
  const auto code = [&](const CalibrationData& data) {
    return error_of([&] {
             calibrate(trained_workshop().trained(), folder / "model", data, options, {});
           })
        .code();
  };
  EXPECT_EQ(code(half_right()), ErrorCode::kDataFormat) << "64 rows are too few";
  options.least_rows = 50;
  CalibrationData data = half_right();
  data.held_out.resize(49);
  EXPECT_EQ(code(data), ErrorCode::kDataFormat);
  data = half_right();
  data.pictures.clear();
  EXPECT_EQ(code(data), ErrorCode::kDataFormat);
  data = half_right();
  data.questions.clear();
  EXPECT_EQ(code(data), ErrorCode::kDataFormat);
  data = half_right();
  data.pictures[3] = folder / "missing.png";
  EXPECT_EQ(code(data), ErrorCode::kFileNotFound);
  EXPECT_FALSE(std::filesystem::exists(folder / "model"));
  EXPECT_EQ(error_of([&] {
              calibrate(trained_workshop().trained(), folder / "model", half_right(), options,
                        [](std::size_t, std::size_t) { return false; });
            }).code(),
            ErrorCode::kCancelled);
}

}  // namespace
}  // namespace beholder::eval
