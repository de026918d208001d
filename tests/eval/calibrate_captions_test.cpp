#include "eval/calibrate_captions.hpp"

#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "models/native/config.hpp"
#include "support/tiny_model.hpp"
#include "text/wordnet.hpp"

namespace beholder::eval {
namespace {

using tests::error_of;
using tests::plain_pictures;
using tests::trained_workshop;

/// People see the colours as the model does, but of red pictures alone do they say "square".
std::vector<data::CaptionRow> rows() {
  std::vector<data::CaptionRow> out;
  for (int i = 0; i < 8; ++i)
    for (const auto& plain : plain_pictures())
      out.push_back({trained_workshop().picture(plain.file),
                     {plain.color == "red" ? "a red square" : "something " + plain.color},
                     ""});
  return out;
}

CaptionCalibrationOptions loose() {
  CaptionCalibrationOptions out;
  out.precision = 0.6;
  return out;
}

class CalibrateCaptions : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!text::WordNet::installed()) GTEST_SKIP() << "needs WordNet (Debian: wordnet-base)";
  }
  io::TemporaryFolder folder_;
};

TEST_F(CalibrateCaptions, MakesConfidenceTheShareOfSupportedWords) {
  const CaptionCalibration report =
      calibrate_captions(trained_workshop().trained(), folder_ / "model", rows(), {}, loose(), {});
  EXPECT_EQ(report.pictures, 64u);
  EXPECT_GE(report.words, 64u);
  EXPECT_GT(report.supported, 0.4);
  EXPECT_LT(report.supported, 1);
  EXPECT_LT(report.ece, 0.15);
  EXPECT_LT(report.ece_descriptions, 0.15);
  EXPECT_GE(report.supported_given, 0.6);
  EXPECT_EQ(report.nothing, 4u);

  const auto config = models::native::load_model_config(folder_ / "model");
  ASSERT_TRUE(config.description_calibration);
  for (std::size_t i = 0; i < models::kAgreementFeatures; ++i)
    EXPECT_EQ(config.description_calibration->alone.weights[i], 0);
  const Engine engine = Engine::load(folder_ / "model");
  EXPECT_NEAR(engine.info().default_min_description_confidence, report.calibration.min_confidence,
              1e-9);
  const auto confidence = [&](const char* file) {
    return engine.describe(engine.encode(trained_workshop().picture(file))).list.at(0).confidence;
  };
  EXPECT_GT(confidence("r1.png"), confidence("b1.png"));
  // Blank pictures get nothing.
  for (const int level : {0, 128, 255}) {
    const std::vector<std::uint8_t> rgb(40 * 40 * 3, static_cast<std::uint8_t>(level));
    const Description one = engine.describe(engine.encode_rgb(rgb.data(), 40, 40)).list.at(0);
    EXPECT_TRUE(one.abstained) << level << ": " << one.guess;
  }
}

TEST_F(CalibrateCaptions, PicturesOfNothingRaiseTheThreshold) {
  const CaptionCalibration free =
      calibrate_captions(trained_workshop().trained(), folder_ / "a", rows(), {}, loose(), {});
  const CaptionCalibration held =
      calibrate_captions(trained_workshop().trained(), folder_ / "b", rows(),
                         {trained_workshop().picture("r1.png")}, loose(), {});
  EXPECT_GE(held.calibration.min_confidence, free.calibration.min_confidence);
  EXPECT_EQ(held.calibration.search.weights, free.calibration.search.weights) << "no training";
  const Engine engine = Engine::load(folder_ / "b");
  EXPECT_TRUE(
      engine.describe(engine.encode(trained_workshop().picture("r1.png"))).list.at(0).abstained);
}

TEST_F(CalibrateCaptions, MayReplaceTheModelAndDoItAgain) {
  std::filesystem::copy(trained_workshop().trained(), folder_ / "model");
  const auto once = [&] {
    return calibrate_captions(folder_ / "model", folder_ / "model", rows(), {}, loose(), {});
  };
  const CaptionCalibration first = once(), second = once();
  EXPECT_NEAR(first.ece, second.ece, 1e-4);
  EXPECT_NEAR(first.calibration.min_confidence, second.calibration.min_confidence, 1e-3);
  EXPECT_FALSE(Engine::load(folder_ / "model").answer(Picture(), "is it red?").text.empty());
}

TEST_F(CalibrateCaptions, RefusesTooLittle) {
  const auto code = [&](const std::vector<data::CaptionRow>& given,
                        const std::function<bool(std::size_t, std::size_t)>& progress = {}) {
    return error_of([&] {
             calibrate_captions(trained_workshop().trained(), folder_ / "model", given, {}, loose(),
                                progress);
           })
        .code();
  };
  std::vector<data::CaptionRow> few = rows();
  few.resize(49);
  EXPECT_EQ(code(few), ErrorCode::kDataFormat);
  std::vector<data::CaptionRow> bare = rows();
  bare[0].captions.clear();
  EXPECT_EQ(code(bare), ErrorCode::kDataFormat);
  std::vector<data::CaptionRow> missing = rows();
  missing[3].image = folder_ / "missing.png";
  EXPECT_EQ(code(missing), ErrorCode::kFileNotFound);
  EXPECT_EQ(code(rows(), [](std::size_t, std::size_t) { return false; }), ErrorCode::kCancelled);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "model"));
  EXPECT_EQ(error_of([&] {
              calibrate_captions(std::string(BEHOLDER_SOURCE_DIR) + "/tests/golden/blip/caption",
                                 folder_ / "model", rows(), {}, loose(), {});
            }).code(),
            ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace beholder::eval
