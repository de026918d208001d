// A NaN in any network ends in an error that names it, never in an answer.
#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "io/temporary_folder.hpp"
#include "support/edited_weights.hpp"
#include "support/text_files.hpp"
#include "support/tiny_model.hpp"
#include "world/renderer.hpp"
#include "world/sampler.hpp"

namespace beholder {
namespace {

namespace fs = std::filesystem;
using tests::copy_with_nan;
using tests::error_of;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
const fs::path kBlip = kRoot / "tests/golden/blip";

void expect_named(const Error& error, const std::string& network) {
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << error.what();
  EXPECT_NE(std::string(error.what()).find(network), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("not finite"), std::string::npos) << error.what();
}

/// Loads a copy of `model` with a NaN in `tensor`, which must go well, and does `what` with it.
Error error_with_nan(const fs::path& model, const std::string& tensor,
                     const std::function<void(const Engine&)>& what) {
  const io::TemporaryFolder folder;
  copy_with_nan(model, folder / "model", tensor);
  const Engine engine = Engine::load(folder / "model");
  return error_of([&] { what(engine); });
}

TEST(NotFinite, PublishedNetworks) {
  const fs::path picture = kBlip / "wide.png";
  const auto ask = [&](const Engine& engine) {
    engine.answer(engine.encode(picture), "is it red?");
  };
  const auto choose = [&](const Engine& engine) {
    AnswerOptions options;
    options.choices = {"yes", "no", "two cats"};
    engine.answer(engine.encode(picture), "is it red?", options);
  };
  const auto beams = [&](const Engine& engine) {
    AnswerOptions options;
    options.num_beams = 3;
    engine.answer(engine.encode(picture), "is it red?", options);
  };
  const std::string decoder = "text_decoder.bert.encoder.layer.1.output.LayerNorm.weight";
  for (const std::function<void(const Engine&)>& what :
       {std::function(ask), std::function(choose), std::function(beams)}) {
    expect_named(error_with_nan(kBlip / "vqa", decoder, what), "decoder");
    expect_named(error_with_nan(kBlip / "vqa", "text_decoder.cls.predictions.bias", what),
                 "decoder");
    expect_named(error_with_nan(kBlip / "vqa",
                                "text_encoder.encoder.layer.0.attention.self.query.weight", what),
                 "text encoder");
    expect_named(error_with_nan(kBlip / "vqa", "vision_model.post_layernorm.bias", what),
                 "vision encoder");
  }
  // More choices than are scored whole: their first tokens are looked at before.
  expect_named(error_with_nan(kBlip / "vqa", decoder,
                              [&](const Engine& engine) {
                                AnswerOptions options;
                                options.choices.assign(200, "a dog");
                                engine.answer(engine.encode(picture), "why?", options);
                              }),
               "decoder");
}

TEST(NotFinite, PublishedDescriptionsAndMatches) {
  const fs::path picture = kBlip / "wide.png";
  const std::string decoder = "text_decoder.bert.embeddings.LayerNorm.weight";
  for (const double temperature : {0.0, 1.0})
    for (const int num_beams : {1, 3})
      expect_named(error_with_nan(kBlip / "caption", decoder,
                                  [&](const Engine& engine) {
                                    DescribeOptions options;
                                    options.temperature = temperature;
                                    options.num_beams = num_beams;
                                    engine.describe(engine.encode(picture), options);
                                  }),
                   "decoder");
  const auto match = [&](const Engine& engine) { engine.match(engine.encode(picture), "a dog"); };
  expect_named(error_with_nan(kBlip / "itm", "itm_head.bias", match), "matching head");
  expect_named(error_with_nan(kBlip / "itm", "text_proj.weight", match), "embedding");
  expect_named(error_with_nan(kBlip / "itm", "vision_proj.bias", match), "embedding");
  expect_named(error_with_nan(kBlip / "itm", "vision_proj.bias",
                              [&](const Engine& engine) { engine.embed(engine.encode(picture)); }),
               "embedding");
  expect_named(error_with_nan(kBlip / "itm", "text_encoder.embeddings.LayerNorm.bias",
                              [&](const Engine& engine) { engine.embed("a dog"); }),
               "text encoder");
}

TEST(NotFinite, OwnNetworks) {
  const fs::path trained = tests::trained_workshop().trained();
  const fs::path picture = tests::trained_workshop().picture("r1.png");
  const auto ask = [&](const Engine& engine) {
    engine.answer(engine.encode(picture), "what color is it?");
  };
  const auto describe = [&](const Engine& engine) { engine.describe(engine.encode(picture)); };
  expect_named(error_with_nan(trained, "vision_encoder.projection.weight", ask), "vision encoder");
  expect_named(error_with_nan(trained, "text_encoder.encoder.layer.0.output.dense.bias", ask),
               "text encoder");
  expect_named(error_with_nan(trained, "fusion_decoder.norm.weight", ask), "decoder");
  expect_named(error_with_nan(trained, "fusion_decoder.output_bias", describe), "decoder");
  expect_named(error_with_nan(trained, "fusion_decoder.layers.0.mlp.fc1.bias",
                              [&](const Engine& engine) {
                                engine.score(engine.encode(picture), "a red square");
                              }),
               "decoder");
  expect_named(error_with_nan(trained, "fusion_decoder.norm.weight",
                              [&](const Engine& engine) {
                                AnswerOptions options;
                                options.choices = {"red", "blue"};
                                engine.answer(engine.encode(picture), "what color is it?", options);
                              }),
               "decoder");
  expect_named(error_with_nan(trained, "text_encoder.embeddings.LayerNorm.weight",
                              [&](const Engine& engine) { engine.embed("red"); }),
               "embedding");
}

// The stem's convolutions end in a ReLU6, behind which a NaN looks like a number.
TEST(NotFinite, BundledNetworks) {
  const fs::path bundled = kRoot / "models/beholder";
  const world::Scene scene = world::sample_scene(world::clevr_style(), 7);
  const vision::Image image = world::render(scene).image;
  const auto encoded = [&](const Engine& engine) {
    return engine.encode_rgb(image.rgb.data(), image.width, image.height);
  };
  const auto ask = [&](const Engine& engine) {
    engine.answer(encoded(engine), "how many cubes are there?");
  };
  const auto direct = [&](const Engine& engine) {
    AnswerOptions options;
    options.method = Method::kDirect;
    engine.answer(encoded(engine), "how many cubes are there?", options);
  };
  const auto look = [&](const Engine& engine) { engine.objects(encoded(engine)); };
  expect_named(error_with_nan(bundled, "vision_encoder.stem._conv_stem.weight", ask),
               "vision encoder");
  expect_named(error_with_nan(bundled, "vision_encoder.stem._blocks.3._depthwise_conv.bias", look),
               "vision encoder");
  expect_named(error_with_nan(bundled, "object_detector.head.bias", look), "detector");
  expect_named(error_with_nan(bundled, "object_detector.merge8.norm.weight", look), "detector");
  expect_named(error_with_nan(bundled, "reasoner.norm.weight", ask), "reasoner");
  expect_named(error_with_nan(bundled, "reasoner.decoder.norm.bias", direct), "reasoner");
  expect_named(error_with_nan(bundled, "familiarity.picture_mean", ask), "familiar");
}

}  // namespace
}  // namespace beholder
