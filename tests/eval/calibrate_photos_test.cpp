// Calibration on pictures made of the sample photos: what is pasted is there, the rest is not.
#include "eval/calibrate_photos.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "beholder/engine.hpp"
#include "io/temporary_folder.hpp"
#include "models/native/config.hpp"
#include "support/text_files.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/intake/image_writer.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::eval {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
const fs::path kModel = kRoot / "models/beholder";

/// Cats of different sizes on a photo without one; the cat fills its own photo but for its margins.
void draw(const fs::path& folder, int pictures) {
  const vision::Image cat = vision::load_image(kRoot / "samples/cat.jpg");
  const vision::Image coffee = vision::load_image(kRoot / "samples/coffee.jpg");
  fs::create_directories(folder);
  std::string rows;
  for (int i = 0; i < pictures; ++i) {
    vision::Image image = vision::resize_image(coffee, 480, 360, vision::Resample::kArea);
    nlohmann::json objects;
    for (int k = 0; k < 2; ++k) {
      const int width = 40 + 23 * ((3 * i + 4 * k) % 8), height = width * 2 / 3;
      const int left = 10 + 260 * k + 3 * i, top = 20 + 17 * (i % 6);
      const vision::Image one = vision::resize_image(cat, width, height, vision::Resample::kArea);
      for (int y = 0; y < height; ++y)
        std::copy_n(
            one.rgb.begin() + static_cast<std::ptrdiff_t>(y) * width * 3, width * 3,
            image.rgb.begin() + (static_cast<std::ptrdiff_t>(top + y) * image.width + left) * 3);
      objects.push_back({{"name", "cat"}, {"box", {left, top, left + width, top + height}}});
    }
    const std::string name = std::to_string(i) + ".png";
    vision::write_image(folder / name, image);
    rows += nlohmann::json({{"image", name}, {"objects", objects}, {"width", 480}, {"height", 360}})
                .dump() +
            "\n";
  }
  tests::write_text(folder / "rows.jsonl", rows);
}

TEST(CalibratePhotos, FitsWhatItSaysAndKeepsTheRest) {
  const io::TemporaryFolder folder;
  draw(folder / "photos", 20);
  const PhotoCalibration fit =
      calibrate_photos(kModel, folder / "model", folder / "photos/rows.jsonl", {}, 40);
  EXPECT_EQ(fit.pictures, 20u);
  EXPECT_EQ(fit.there, 40u);
  EXPECT_GT(fit.seen, 40u);
  EXPECT_GT(fit.f1, 0.4);
  EXPECT_LE(fit.held_out_f1, fit.f1 + 0.02);
  EXPECT_LT(fit.ece, 0.2);
  const auto before = models::native::load_model_config(kModel),
             after = models::native::load_model_config(folder / "model");
  EXPECT_NEAR(after.photo_objects->min_confidence, fit.min_confidence, 1e-9);
  EXPECT_NE(after.photo_objects->small.offset, before.photo_objects->small.offset);
  EXPECT_EQ(after.photo_objects->names, before.photo_objects->names);
  EXPECT_EQ(after.calibration.slope, before.calibration.slope);
  const Engine engine = Engine::load(folder / "model");
  const Objects objects = engine.objects(engine.encode(kRoot / "samples/cat.jpg"));
  ASSERT_FALSE(objects.list.empty());
  EXPECT_EQ(objects.list[0].name, "cat");
}

TEST(CalibratePhotos, TooLittleIsAnError) {
  const io::TemporaryFolder folder;
  draw(folder / "photos", 1);
  const Error error = tests::error_of(
      [&] { calibrate_photos(kModel, folder / "model", folder / "photos/rows.jsonl", {}); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("300"), std::string::npos) << error.what();
  EXPECT_FALSE(fs::exists(folder / "model"));
}

}  // namespace
}  // namespace beholder::eval
