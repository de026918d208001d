#include "convert/average_models.hpp"

#include <gtest/gtest.h>

#include "convert/export_model.hpp"
#include "models/native/config.hpp"
#include "support/plain_answers.hpp"
#include "train/trainer.hpp"

namespace beholder::convert {
namespace {

using tests::error_of;
using tests::read_text;
using tests::TinyWorkshop;
using tests::trained_workshop;

TEST(AverageModels, TakesModelsOfOneKind) {
  TinyWorkshop workshop(1);
  const auto path = [&](const char* name) { return workshop.root() / name; };
  average_models({trained_workshop().trained(), trained_workshop().trained()}, path("mean"));
  EXPECT_TRUE(read_text(path("mean") / "model.safetensors") ==
              read_text(trained_workshop().trained() / "model.safetensors"));

  // A part has no vocabularies, and what was fit after training may differ.
  const auto part = [&](const char* name, const std::string& config) {
    std::filesystem::create_directories(path(name));
    std::filesystem::copy(trained_workshop().trained() / "model.safetensors",
                          path(name) / "model.safetensors");
    tests::write_text(path(name) / "config.json", config);
    return path(name);
  };
  models::native::ModelConfig config =
      models::native::load_model_config(trained_workshop().trained());
  const auto first = part("first", models::native::write_model_config(config));
  config.calibration.program_slope = 0.5;
  average_models({first, part("second", models::native::write_model_config(config))},
                 path("parts"));
  EXPECT_EQ(read_text(path("parts") / "config.json"), read_text(first / "config.json"));

  const auto code = [&](const std::vector<std::filesystem::path>& from) {
    return error_of([&] { average_models(from, path("other")); }).code();
  };
  EXPECT_EQ(code({trained_workshop().trained()}), ErrorCode::kUsage);
  EXPECT_EQ(code({trained_workshop().trained(), path("absent")}), ErrorCode::kFileNotFound);
  workshop.model()["fusion"]["intermediate_size"] = 48;
  train::train(workshop.config());
  EXPECT_EQ(code({trained_workshop().trained(), workshop.trained()}), ErrorCode::kModelFormat);
  export_model(trained_workshop().trained(), path("small"), StorageType::kInt8);
  EXPECT_EQ(code({path("small"), path("small")}), ErrorCode::kModelFormat);
}

}  // namespace
}  // namespace beholder::convert
