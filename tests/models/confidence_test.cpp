#include "models/confidence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "io/config.hpp"
#include "io/temporary_folder.hpp"
#include "models/native/config.hpp"
#include "support/text_files.hpp"

namespace beholder::models {
namespace {

TEST(Confidence, AnswersAreOfThreeKinds) {
  for (const char* answer : {"yes", "no"}) EXPECT_EQ(answer_kind(answer), AnswerKind::kYesNo);
  for (const char* answer : {"0", "3", "27", "two", "ten", "none"})
    EXPECT_EQ(answer_kind(answer), AnswerKind::kNumber) << answer;
  for (const char* answer : {"red", "two dogs", "yes, it is", "3d", "", "one way"})
    EXPECT_EQ(answer_kind(answer), AnswerKind::kOther) << answer;
}

TEST(Confidence, EachKindHasItsOwnMapAndThreshold) {
  CalibrationConfig calibration;
  calibration.offset = -1;
  calibration.yes_no_slope = 0.5;
  calibration.number_offset = -2;
  calibration.min_confidence = 0.4;
  calibration.yes_no_min_confidence = 0.6;
  calibration.number_min_confidence = 0.9;
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  const double logit = std::log(0.8 / 0.2);
  EXPECT_NEAR(calibrated({"red", 0.8}, calibration), sigmoid(logit - 1), 1e-9);
  EXPECT_NEAR(calibrated({"yes", 0.8}, calibration), sigmoid(0.5 * logit), 1e-9);
  EXPECT_NEAR(calibrated({"2", 0.8}, calibration), sigmoid(logit - 2), 1e-9);
  EXPECT_EQ(calibration_of(AnswerKind::kOther, calibration).min_confidence, 0.4);
  EXPECT_EQ(calibration_of(AnswerKind::kYesNo, calibration).min_confidence, 0.6);
  EXPECT_EQ(calibration_of(AnswerKind::kNumber, calibration).min_confidence, 0.9);
}

TEST(Confidence, OlderConfigurationsTreatAllKindsAlike) {
  const io::TemporaryFolder folder;
  const std::string file = std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder/config.json";
  nlohmann::json config = nlohmann::json::parse(tests::read_text(file));
  for (const char* key :
       {"number_slope", "number_offset", "yes_no_min_confidence", "number_min_confidence"})
    config["calibration"].erase(key);
  tests::write_text(folder / "config.json", config.dump());
  const CalibrationConfig read = models::native::load_model_config(folder.path()).calibration;
  EXPECT_EQ(read.number_slope, read.slope);
  EXPECT_EQ(read.number_offset, read.offset);
  EXPECT_EQ(read.number_min_confidence, read.min_confidence);
  EXPECT_EQ(read.yes_no_min_confidence, read.min_confidence);
}

}  // namespace
}  // namespace beholder::models
