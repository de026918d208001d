// What tells photos, scenes and other pictures apart: its arithmetic, its tensors, and the bundled
// model's verdicts.
#include "scene/ground_gate.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/file.hpp"
#include "eval/save_weights.hpp"
#include "io/temporary_folder.hpp"
#include "scene/scene_evidence.hpp"
#include "support/bundled_model.hpp"
#include "support/text_files.hpp"
#include "world/flat_scene.hpp"

namespace beholder::scene {
namespace {

const std::string kModel = std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder";
const std::string kSamples = std::string(BEHOLDER_SOURCE_DIR) + "/samples/";

const models::native::NativePicture* seen(const Picture& picture) {
  return &bundled_model().own_picture(*picture.encoded());
}

GroundGate small_gate() {
  GroundGate out;
  out.weight = at::tensor({1.0f, 0.0f, 0.0f, 2.0f, 0.0f, 0.0f, -1.0f, -1.0f}).view({4, 2});
  out.bias = at::tensor({0.0f, 0.0f, 0.5f, 0.0f});
  out.evidence_weight = at::zeros({2, static_cast<std::int64_t>(kSceneEvidence) + 1});
  out.evidence_weight[0][0] = -2;
  out.evidence_weight[1][10] = 1;
  out.evidence_bias = at::tensor({1.0f, 0.0f});
  return out;
}

TEST(GroundGate, KindsAreASoftmaxOfTheMeanCell) {
  const auto kinds = picture_kinds(small_gate(), at::tensor({1.0f, 2.0f}));
  EXPECT_NEAR(std::accumulate(kinds.begin(), kinds.end(), 0.0), 1, 1e-6);
  const double total = std::exp(1) + std::exp(4) + std::exp(0.5) + std::exp(-3);
  EXPECT_NEAR(kinds[1], std::exp(4) / total, 1e-6);
  EXPECT_NEAR(scene_logit(kinds),
              std::log((std::exp(4) + std::exp(0.5)) / (std::exp(1) + std::exp(-3))), 1e-5);
}

TEST(GroundGate, TheLogitStaysFinite) {
  EXPECT_EQ(scene_logit({1, 0, 0, 0}), -12);
  EXPECT_EQ(scene_logit({0, 0.5, 0.5, 0}), 12);
}

TEST(GroundGate, EachGroundHasEvidenceOfItsOwn) {
  std::vector<double> evidence(kSceneEvidence + 1, 0);
  evidence[0] = 3;
  evidence[10] = 2;
  EXPECT_NEAR(scene_probability(small_gate(), 0, evidence), 1 / (1 + std::exp(5)), 1e-6);
  EXPECT_NEAR(scene_probability(small_gate(), 1, evidence), 1 / (1 + std::exp(-2)), 1e-6);
}

TEST(GroundGate, AModelHasAllOfItsTensorsOrNone) {
  const io::TemporaryFolder folder;
  const std::string kept = read_file_text(kModel + "/config.json");
  std::filesystem::create_directories(folder / "part");
  models::native::copy_companions(kModel, folder / "part");
  eval::save_weights(kModel, folder / "part", {"ground_gate.evidence_bias"}, {});
  write_file_atomic(folder / "part" / "config.json", kept);
  const Error error = tests::error_of([&] { Engine::load(folder / "part"); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("ground_gate"), std::string::npos);

  // Models from before there was one say by the detector alone what is a scene.
  eval::save_weights(kModel, folder / "part", {"ground_gate."}, {});
  const auto old = models::native::load_native(folder / "part", "be tested");
  const Engine engine = engine::engine_over(old);
  const auto encode = [&](const std::string& file) { return engine.encode(kSamples + file); };
  const Picture scene = encode("scene.png"), cat = encode("cat.jpg"),
                page = encode("off_ground/receipt.png");
  EXPECT_TRUE(old->shows_scene(&old->own_picture(*scene.encoded())));
  EXPECT_FALSE(old->shows_scene(&old->own_picture(*cat.encoded())));
  EXPECT_FALSE(old->off_ground(&old->own_picture(*page.encoded())));
}

TEST(GroundGate, PhotosAreNoScenesAndNotStrange) {
  for (const std::string file : {"rocket.jpg", "pavilion.jpg", "cat.jpg", "coffee.jpg",
                                 "astronaut.jpg", "photographer.jpg"}) {
    const Picture picture = bundled().encode(kSamples + file);
    EXPECT_FALSE(bundled_model().shows_scene(seen(picture))) << file;
    EXPECT_FALSE(bundled_model().off_ground(seen(picture))) << file;
    // A rocket against the sky is near enough to flat shapes for the detector to be asked.
    if (file == "rocket.jpg") continue;
    EXPECT_FALSE(seen(picture)->perhaps_scene) << file << " pays for the detector";
  }
}

TEST(GroundGate, PagesAndChartsAreNeither) {
  for (const char* file : {"bar_chart.png", "line_chart.png", "plain.png", "receipt.png",
                           "road_map.png", "text_page.png"}) {
    const Picture picture = bundled().encode(kSamples + "off_ground/" + file);
    EXPECT_FALSE(bundled_model().shows_scene(seen(picture))) << file;
    EXPECT_TRUE(bundled_model().off_ground(seen(picture))) << file;
    for (const char* question : {"what is this?", "how many squares are there?", "is there a dog?"})
      EXPECT_TRUE(bundled().answer(picture, question, {}).abstained) << file << ": " << question;
  }
}

TEST(GroundGate, SolidsBoxesAndASingleShapeAreScenes) {
  for (const char* file : {"scene.png", "boxes.png"}) {
    const Picture picture = bundled().encode(kSamples + file);
    EXPECT_TRUE(bundled_model().shows_scene(seen(picture))) << file;
    EXPECT_FALSE(bundled_model().off_ground(seen(picture))) << file;
  }
  world::FlatStyle style;
  style.width = style.height = 64;
  style.min_objects = style.max_objects = 1;
  std::size_t scenes = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const vision::Image image = world::render(world::sample_flat_scene(style, seed)).image;
    const Picture picture = bundled().encode_rgb(image.rgb.data(), image.width, image.height);
    scenes += bundled_model().shows_scene(seen(picture)) ? 1 : 0;
  }
  EXPECT_GE(scenes, 9u);
}

}  // namespace
}  // namespace beholder::scene
