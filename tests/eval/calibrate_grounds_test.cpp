// The gate fit anew on pictures drawn for the test, with the bundled model's stem and detector.
#include "eval/calibrate_grounds.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "core/file.hpp"
#include "io/temporary_folder.hpp"
#include "models/native/checkpoint.hpp"
#include "support/text_files.hpp"
#include "support/tiny_model.hpp"
#include "train/trainer.hpp"
#include "world/flat_scene.hpp"
#include "world/renderer.hpp"
#include "world/sampler.hpp"

namespace beholder::eval {
namespace {

namespace fs = std::filesystem;
using scene::PictureKind;

const std::string kModel = std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder";
constexpr int kEach = 20;

void write(const fs::path& path, const vision::Image& image) {
  const cv::Mat rgb(image.height, image.width, CV_8UC3,
                    const_cast<std::uint8_t*>(image.rgb.data()));
  cv::Mat bgr;
  cv::cvtColor(rgb, bgr, cv::COLOR_RGB2BGR);
  ASSERT_TRUE(cv::imwrite(path.string(), bgr));
}

/// Pieces of the sample photos, solids, shapes, and pages of lines and words.
std::vector<data::GroundRow> draw(const fs::path& folder, int first) {
  fs::create_directories(folder);
  std::vector<data::GroundRow> out;
  const auto add = [&](PictureKind kind, const std::string& name) {
    out.push_back({folder / name, static_cast<std::size_t>(kind), "drawn"});
    return folder / name;
  };
  const char* photos[] = {"rocket", "pavilion", "cat", "coffee", "flower", "astronaut"};
  world::FlatStyle flat;
  flat.width = 200;
  flat.height = 160;
  world::SceneStyle solid = world::clevr_style();
  solid.width = 160;
  solid.height = 120;
  for (int i = first; i < first + kEach; ++i) {
    const cv::Mat photo =
        cv::imread(std::string(BEHOLDER_SOURCE_DIR) + "/samples/" + photos[i % 6] + ".jpg");
    const int side = std::min(photo.rows, photo.cols) * 3 / 4;
    const cv::Rect piece((photo.cols - side) * (i % 3) / 2, (photo.rows - side) * (i % 4) / 3, side,
                         side);
    cv::imwrite(add(PictureKind::kPhoto, "photo" + std::to_string(i) + ".png").string(),
                photo(piece));
    write(add(PictureKind::kSolids, "solids" + std::to_string(i) + ".png"),
          world::render(world::sample_scene(solid, 900 + i)).image);
    write(add(PictureKind::kShapes, "shapes" + std::to_string(i) + ".png"),
          world::render(world::sample_flat_scene(flat, 900 + i)).image);
    cv::Mat page(240, 320, CV_8UC3, cv::Scalar::all(255 - i % 5 * 4));
    for (int y = 20 + i % 7; y < 230; y += 16 + i % 3)
      cv::putText(page, "of the " + std::to_string(7919 * (i + 1) * y) + " in a row", {10, y},
                  cv::FONT_HERSHEY_PLAIN, 0.9 + 0.02 * (i % 5), cv::Scalar::all(20));
    cv::imwrite(add(PictureKind::kNeither, "page" + std::to_string(i) + ".png").string(), page);
  }
  return out;
}

TEST(CalibrateGrounds, TellsPicturesApartThatItDidNotSee) {
  const io::TemporaryFolder folder;
  const auto rows = draw(folder / "fit", 0);
  const GroundCalibration fit = calibrate_grounds(kModel, folder / "model", rows, {});
  EXPECT_EQ(fit.pictures, rows.size());
  EXPECT_GE(fit.looked_at, 2u * kEach);
  EXPECT_GT(fit.right, 0.8);

  std::string lines;
  for (const data::GroundRow& row : draw(folder / "new", 100))
    lines += nlohmann::json({{"image", row.image.string()},
                             {"ground", data::kGroundNames[row.ground]},
                             {"kind", row.kind}})
                 .dump() +
             "\n";
  write_file_atomic(folder / "new.jsonl", lines);
  const auto fitted = models::native::load_checkpoint(folder / "model");
  EXPECT_TRUE(fitted.ground_gate.defined());
  EXPECT_FALSE(fitted.scene_centroids.defined());
  const GroundFigures seen = evaluate_grounds(folder / "model", {}, folder / "new.jsonl", 0, {});
  for (const auto& row : seen.by_ground) EXPECT_EQ(row.pictures, static_cast<std::size_t>(kEach));
  EXPECT_LE(seen.by_ground[0].scenes, 1u);
  EXPECT_LE(seen.by_ground[0].neither, 2u);
  EXPECT_GE(seen.by_ground[1].scenes, 18u);
  EXPECT_GE(seen.by_ground[2].scenes, 18u);
  EXPECT_LE(seen.by_ground[3].scenes, 1u);
  EXPECT_GE(seen.by_ground[3].neither, 18u);
  ASSERT_EQ(seen.by_kind.size(), 1u);
  EXPECT_EQ(seen.by_kind.front().second.pictures, 4u * kEach);
}

TEST(CalibrateGrounds, TooFewOfAKindOrAModelWithoutADetectorIsAnError) {
  const io::TemporaryFolder folder;
  std::vector<data::GroundRow> rows(4 * kEach - 1);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].ground = i % 4;
  const auto code = [&](const fs::path& model) {
    return tests::error_of([&] { calibrate_grounds(model, folder / "model", rows, {}); }).code();
  };
  EXPECT_EQ(code(kModel), ErrorCode::kDataFormat);
  rows.push_back({});
  rows.back().ground = 3;
  EXPECT_EQ(code(tests::trained_workshop().trained()), ErrorCode::kUnsupported);
  EXPECT_FALSE(fs::exists(folder / "model"));
}

}  // namespace
}  // namespace beholder::eval
