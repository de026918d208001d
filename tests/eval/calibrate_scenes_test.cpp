#include "eval/calibrate_scenes.hpp"

#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "io/temporary_folder.hpp"
#include "models/native/config.hpp"
#include "support/text_files.hpp"
#include "world/dataset.hpp"

namespace beholder::eval {
namespace {

const std::string kModel = std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder";

void draw(const std::filesystem::path& folder, std::size_t scenes) {
  world::DatasetOptions options;
  options.scenes = scenes;
  options.seed = 5150;
  options.questions = 6;
  world::render_dataset(
      options, folder, [] { return false; }, [](std::size_t) {});
}

TEST(CalibrateScenes, FitsWhatItSaysAndKeepsTheRest) {
  const io::TemporaryFolder folder;
  draw(folder / "scenes", 12);
  const SceneCalibration fit =
      calibrate_scenes(kModel, folder / "model", {folder / "scenes"}, {}, 40);
  EXPECT_GT(fit.peaks, 50u);
  EXPECT_GE(fit.questions, 40u);
  EXPECT_GT(fit.f1, 0.8);
  EXPECT_GT(fit.accuracy, 0.7);
  EXPECT_GT(fit.slope, 0);
  EXPECT_GT(fit.program_slope, 0);
  const auto before = models::native::load_model_config(kModel);
  const auto after = models::native::load_model_config(folder / "model");
  EXPECT_NEAR(after.detector->slope, fit.slope, 1e-9);
  EXPECT_NEAR(after.detector->min_confidence, fit.min_confidence, 1e-9);
  EXPECT_NEAR(after.calibration.program_offset, fit.program_offset, 1e-9);
  EXPECT_EQ(after.calibration.slope, before.calibration.slope);
  EXPECT_EQ(after.calibration.min_confidence, before.calibration.min_confidence);

  // Fitting a fitted model again finds the same, since what it was fitted to is undone first.
  const SceneCalibration again =
      calibrate_scenes(folder / "model", folder / "model", {folder / "scenes"}, {}, 40);
  EXPECT_NEAR(again.slope, fit.slope, 0.05 * fit.slope);
  EXPECT_NEAR(again.f1, fit.f1, 0.01);
}

TEST(CalibrateScenes, TooLittleIsAnError) {
  const io::TemporaryFolder folder;
  draw(folder / "scenes", 1);
  const Error error =
      tests::error_of([&] { calibrate_scenes(kModel, folder / "model", {folder / "scenes"}, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_FALSE(std::filesystem::exists(folder / "model"));
  EXPECT_NE(std::string(error.what()).find("300"), std::string::npos) << error.what();
}

}  // namespace
}  // namespace beholder::eval
