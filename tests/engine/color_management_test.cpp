// Whether colour profiles are applied: by the kind of model, or as the user says.
#include <gtest/gtest.h>

#include "core/file.hpp"
#include "beholder/engine.hpp"
#include "models/blip/blip_model.hpp"
#include "models/native/native_model.hpp"
#include "support/tiny_model.hpp"

namespace beholder {
namespace {

namespace fs = std::filesystem;

const fs::path kGolden = fs::path(BEHOLDER_SOURCE_DIR) / "tests/golden";
const fs::path kStored = kGolden / "pixels/managed/rotated.png";     // with a profile
const fs::path kMeant = kGolden / "pixels/managed/rotated.png.ppm";  // the same in sRGB
const fs::path kPlain = kGolden / "pixels/rgb_nir.tif.ppm";  // the values, without a profile

Engine load(const fs::path& model, ColorManagement color_management) {
  EngineOptions options;
  options.threads = 1;
  options.color_management = color_management;
  return Engine::load(model, options);
}

at::Tensor pixels_of(const Engine& engine, const fs::path& picture) {
  const auto bytes = read_file_bytes(picture);
  const PreparedPicture prepared = engine.prepare(bytes.data(), bytes.size(), picture.string());
  const models::PreparedPixels& pixels = *prepared.pixels();
  return engine.info().published
             ? static_cast<const models::blip::BlipPixels&>(pixels).pixel_values
             : static_cast<const models::native::NativePixels&>(pixels).pixel_values;
}

void expect_applied(const fs::path& model, ColorManagement option, bool applied) {
  const Engine engine = load(model, option);
  EXPECT_EQ(engine.info().color_management, applied);
  const at::Tensor seen = pixels_of(engine, kStored);
  // Little CMS of two versions may differ by a step, which is some 0.02 of a normalised pixel.
  EXPECT_EQ(at::allclose(seen, pixels_of(engine, kMeant), 0, 0.05), applied);
  EXPECT_EQ(at::equal(seen, pixels_of(engine, kPlain)), !applied);
}

TEST(ColorManagement, IsOnForModelsOfOurOwn) {
  const fs::path model = tests::trained_workshop().trained();
  expect_applied(model, ColorManagement::kAuto, true);
  expect_applied(model, ColorManagement::kOn, true);
  expect_applied(model, ColorManagement::kOff, false);
}

TEST(ColorManagement, IsOffForPublishedModels) {
  const fs::path model = kGolden / "blip/vqa";
  expect_applied(model, ColorManagement::kAuto, false);
  expect_applied(model, ColorManagement::kOn, true);
  expect_applied(model, ColorManagement::kOff, false);
}

TEST(ColorManagement, IsTheSameForPicturesDecodedBeforehand) {
  const Engine engine = load(tests::trained_workshop().trained(), ColorManagement::kAuto);
  const auto bytes = read_file_bytes(kStored);
  const DecodedPicture decoded = Engine::decode(bytes.data(), bytes.size(), "rotated.png");
  const std::vector<float> early = engine.embed(engine.encode(decoded));
  const Engine other = load(tests::trained_workshop().trained(), ColorManagement::kAuto);
  EXPECT_EQ(early, other.embed(other.encode(kStored)));
}

}  // namespace
}  // namespace beholder
