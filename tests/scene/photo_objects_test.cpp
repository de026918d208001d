// The detector of photos of the bundled model, and what is wrong with files that are not its own.
#include "scene/photo_objects.hpp"

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "beholder/engine.hpp"
#include "io/temporary_folder.hpp"
#include "models/native/config.hpp"
#include "support/edited_weights.hpp"
#include "support/text_files.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::scene {
namespace {

namespace fs = std::filesystem;
using tests::error_of;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
const fs::path kModel = kRoot / "models/beholder";

PhotoObjectsConfig config() {
  return models::native::load_model_config(kModel).photo_objects.value();
}

vision::Image photo(const std::string& name) {
  constexpr int kSide = PhotoObjects::kSide;
  return vision::resize_image(vision::load_image(kRoot / "samples" / name), kSide, kSide,
                              vision::Resample::kArea);
}

TEST(PhotoObjects, FindsWhatThePhotosShow) {
  const c10::InferenceMode inference;
  const PhotoObjects objects(kModel, config());
  for (const auto& [file, name] :
       {std::pair{"cat.jpg", "cat"}, std::pair{"astronaut.jpg", "person"}}) {
    const std::vector<PhotoObject> found = objects.find(photo(file), true);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(config().names[found[0].kind], name);
    EXPECT_GT(found[0].confidence, 0.8);
    for (std::size_t i = 1; i < found.size(); ++i)
      EXPECT_GE(found[i - 1].confidence, found[i].confidence);
  }
}

// A small thing lies in one part of the photo, whose shares must become the photo's.
TEST(PhotoObjects, SmallThingsAreWhereTheyAre) {
  const c10::InferenceMode inference;
  const PhotoObjects objects(kModel, config());
  const vision::Image cat = vision::load_image(kRoot / "samples/cat.jpg");
  const vision::Image small = vision::resize_image(cat, 70, 60, vision::Resample::kArea);
  constexpr int kSide = PhotoObjects::kSide, kLeft = 400, kTop = 420;
  vision::Image scene{kSide, kSide, std::vector<std::uint8_t>(3 * kSide * kSide, 128)};
  for (int y = 0; y < small.height; ++y)
    std::copy_n(small.rgb.begin() + static_cast<std::ptrdiff_t>(y) * small.width * 3,
                small.width * 3,
                scene.rgb.begin() + (static_cast<std::ptrdiff_t>(kTop + y) * kSide + kLeft) * 3);
  double seen = 0;
  for (const vision::MergedBox& one : objects.claims(scene, false)) {
    if (config().names[one.kind] != "cat" || !is_small(one)) continue;
    const float x = (one.box[0] + one.box[2]) / 2 * kSide,
                y = (one.box[1] + one.box[3]) / 2 * kSide;
    EXPECT_NEAR(x, kLeft + 35, 20);
    EXPECT_NEAR(y, kTop + 30, 20);
    seen = std::max<double>(seen, one.scores[2]);
    EXPECT_EQ(evidence_of(one).size(), PhotoObjects::kSmallLooks);
  }
  EXPECT_GT(seen, 0.3);
}

TEST(PhotoObjects, CalibrationWeighsEachLook) {
  const PhotoObjectsConfig::Calibration calibration{{2, 0.5}, -1};
  EXPECT_DOUBLE_EQ(calibration.logit({1.5, -2}), 2 * 1.5 - 0.5 * 2 - 1);
  vision::MergedBox large;
  large.box = {0, 0, 0.5f, 0.5f};
  large.scores = {0.5f, 0, 0.9f};
  const std::vector<double> evidence = evidence_of(large);
  ASSERT_EQ(evidence.size(), PhotoObjects::kLargeLooks) << "parts do not show it";
  EXPECT_NEAR(evidence[0], 0, 1e-6);
  EXPECT_NEAR(evidence[1], std::log(0.1 / 0.9), 1e-6) << "no claim just fails";
}

TEST(PhotoObjects, FilesThatAreNotItsOwn) {
  const c10::InferenceMode inference;
  const io::TemporaryFolder folder;
  const auto expect = [&](ErrorCode code, const std::string& word) {
    const Error error = error_of([&] { PhotoObjects(folder.path(), config()).load(); });
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_NE(std::string(error.what()).find("photo_objects.safetensors"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  };
  expect(ErrorCode::kFileNotFound, "no such file");
  const std::string whole = tests::read_text(kModel / PhotoObjects::kFileName);
  tests::write_text(folder / PhotoObjects::kFileName, whole.substr(0, whole.size() / 2));
  expect(ErrorCode::kModelFormat, "");
  tests::write_text(folder / PhotoObjects::kFileName, whole);
  PhotoObjectsConfig fewer = config();
  fewer.names.pop_back();
  const Error error = error_of([&] { PhotoObjects(folder.path(), fewer).load(); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("photo_objects.scores.0.weight"), std::string::npos)
      << error.what();
}

TEST(PhotoObjects, WeightsThatAreNotFinite) {
  const io::TemporaryFolder folder;
  const io::SafetensorsFile file = io::SafetensorsFile::open(kModel / PhotoObjects::kFileName);
  io::SafetensorsWriter writer;
  std::vector<float> bias(32, std::nanf(""));
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    const bool damaged = name == "photo_objects.stem.bias";
    writer.add(name, view.dtype, view.shape,
               damaged ? reinterpret_cast<const std::uint8_t*>(bias.data()) : view.data,
               view.bytes);
  }
  writer.write(folder / PhotoObjects::kFileName);
  const PhotoObjects objects(folder.path(), config());
  const Error error = error_of([&] {
    const c10::InferenceMode inference;
    objects.find(photo("cat.jpg"), false);
  });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("not finite"), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("photo objects"), std::string::npos) << error.what();
}

TEST(PhotoObjects, ConfigurationIsReadStrictlyAndWrittenBack) {
  const std::string text = tests::read_text(kModel / "config.json");
  const auto read = [](const std::string& json) {
    const io::TemporaryFolder folder;
    tests::write_text(folder / "config.json", json);
    return models::native::load_model_config(folder.path());
  };
  const PhotoObjectsConfig again =
      read(models::native::write_model_config(read(text))).photo_objects.value();
  EXPECT_EQ(again.names, config().names);
  EXPECT_EQ(again.small.slopes, config().small.slopes);
  EXPECT_EQ(again.large.offset, config().large.offset);
  const auto refused = [&](const std::function<void(nlohmann::json&)>& change,
                           const std::string& word) {
    nlohmann::json json = nlohmann::json::parse(text);
    change(json);
    const Error error = error_of([&] { read(json.dump()); });
    EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  };
  refused([](auto& json) { json["photo_objects"]["names"][3] = "unicorn"; }, "names");
  refused([](auto& json) { json["photo_objects"]["large"]["slopes"].push_back(1); }, "slopes");
  refused([](auto& json) { json["photo_objects"]["more"] = 1; }, "more");
  refused([](auto& json) { json["photo_objects"]["min_confidence"] = 2; }, "min_confidence");
}

}  // namespace
}  // namespace beholder::scene
