#include "train/trainer.hpp"

#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "support/tiny_model.hpp"

namespace beholder::train {
namespace {

using tests::error_of;
using tests::plain_pictures;
using tests::read_text;
using tests::TinyWorkshop;
using tests::trained_workshop;

std::string answer_of(const Engine& engine, const std::filesystem::path& picture,
                      const char* question) {
  return engine.answer(engine.encode(picture), question).text;
}

Engine load(const std::filesystem::path& model, bool int8 = false) {
  EngineOptions options;
  options.threads = 1;
  options.int8 = int8;
  return Engine::load(model, options);
}

void expect_all_right(const Engine& engine) {
  for (const auto& plain : plain_pictures()) {
    const auto path = trained_workshop().picture(plain.file);
    EXPECT_EQ(answer_of(engine, path, "what color is it?"), plain.color) << plain.file;
    EXPECT_EQ(answer_of(engine, path, "is it red?"), plain.color == "red" ? "yes" : "no")
        << plain.file;
    const std::string caption = engine.describe(engine.encode(path)).list.at(0).text;
    EXPECT_NE(caption.find(plain.color), std::string::npos) << caption;
  }
}

TEST(Trainer, LearnsItsPictures) { expect_all_right(load(trained_workshop().trained())); }

TEST(Trainer, CompactModelAnswersTheSame) {
  TinyWorkshop workshop;
  export_model(trained_workshop().trained(), workshop.root() / "small", StorageType::kInt8);
  expect_all_right(load(workshop.root() / "small"));
  EXPECT_LT(std::filesystem::file_size(workshop.root() / "small/model.safetensors"),
            std::filesystem::file_size(trained_workshop().trained() / "model.safetensors"));

  const Error error = error_of([&] {
    export_model(workshop.root() / "small", workshop.root() / "smaller", StorageType::kInt8);
  });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << error.what();
  EXPECT_NE(std::string(error.what()).find("not F32"), std::string::npos) << error.what();
}

// Matrices of 64 x 64 and more are what is quantised; the model above has none.
TEST(Trainer, QuantisesWideMatrices) {
  TinyWorkshop workshop(100);
  for (const char* part : {"vision", "text", "fusion"}) {
    workshop.model()[part]["hidden_size"] = 64;
    workshop.model()[part]["intermediate_size"] = 64;
  }
  workshop.train_file()["stages"][0]["learning_rate"] = 3e-3;
  train(workshop.config());
  export_model(workshop.trained(), workshop.root() / "small", StorageType::kInt8);
  const auto file = io::SafetensorsFile::open(workshop.root() / "small/model.safetensors");
  std::size_t integers = 0;
  for (const std::string& name : file.names())
    if (file.at(name).dtype == io::DType::kI8) {
      ++integers;
      EXPECT_TRUE(file.contains(name + "_scale")) << name;
    }
  EXPECT_GT(integers, 10u);
  expect_all_right(load(workshop.root() / "small"));
  expect_all_right(load(workshop.root() / "small", true));
}

TEST(Trainer, ResumedRunEqualsUnbrokenOne) {
  TinyWorkshop workshop(14);
  workshop.train_file()["dropout"] = 0.1;
  workshop.train_file()["stages"].push_back(
      {{"steps", 6}, {"learning_rate", 1e-3}, {"weights", {{"colors", 0.5}}}});
  workshop.train_file()["stages"][1]["warmup_steps"] = 2;
  workshop.train_file()["run"] = (workshop.root() / "unbroken").string();
  train(workshop.config());
  const std::string unbroken = read_text(workshop.run() / "checkpoint.safetensors");

  workshop.train_file()["run"] = (workshop.root() / "broken").string();
  for (const int steps : {5, 11}) {  // the second stop lies in the second stage
    int done = 0;
    TrainControl control;
    control.cancelled = [&] { return ++done > steps; };
    const Error error = error_of([&] { train(workshop.config(), control); });
    EXPECT_EQ(error.code(), ErrorCode::kCancelled) << error.what();
    EXPECT_NE(read_text(workshop.run() / "checkpoint.safetensors"), unbroken);
  }
  train(workshop.config());
  EXPECT_TRUE(read_text(workshop.run() / "checkpoint.safetensors") == unbroken);
}

TEST(Trainer, GoesOnFromATrainedModel) {
  TinyWorkshop workshop(2);
  workshop.train_file()["initial"] = (trained_workshop().trained() / "model.safetensors").string();
  workshop.train_file()["stages"][0]["learning_rate"] = 0;
  workshop.train_file()["min_token_count"] = 3;  // would be another vocabulary
  train(workshop.config());
  expect_all_right(load(workshop.trained()));
}

TEST(Trainer, AveragesModelsOfOneKind) {
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
  train(workshop.config());
  EXPECT_EQ(code({trained_workshop().trained(), workshop.trained()}), ErrorCode::kModelFormat);
  export_model(trained_workshop().trained(), path("small"), StorageType::kInt8);
  EXPECT_EQ(code({path("small"), path("small")}), ErrorCode::kModelFormat);
}

TEST(Trainer, RefusesDevicesThatAreNotThere) {
  TinyWorkshop workshop(1);
  workshop.train_file()["device"] = "tpu";
  EXPECT_EQ(error_of([&] { train(workshop.config()); }).code(), ErrorCode::kUsage);
  if (at::hasCUDA()) return;
  workshop.train_file()["device"] = "cuda";
  const Error error = error_of([&] { train(workshop.config()); });
  EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  EXPECT_NE(std::string(error.what()).find("--device cpu"), std::string::npos) << error.what();
}

TEST(Trainer, StopsWhileCaching) {
  TinyWorkshop workshop(3);
  TrainControl control;
  control.cancelled = [] { return true; };
  const Error error = error_of([&] { train(workshop.config(), control); });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_NE(std::string(error.what()).find("caching"), std::string::npos) << error.what();
  train(workshop.config());
  EXPECT_TRUE(std::filesystem::exists(workshop.trained() / "config.json"));
}

TEST(Trainer, RefusesCheckpointOfAnotherConfiguration) {
  TinyWorkshop workshop(2);
  train(workshop.config());
  workshop.train_file()["seed"] = 4;
  Error error = error_of([&] { train(workshop.config()); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("another configuration"), std::string::npos)
      << error.what();

  workshop.train_file()["seed"] = 3;
  const auto path = workshop.run() / "checkpoint.safetensors";
  const std::string whole = read_text(path);
  tests::write_text(path, whole.substr(0, whole.size() / 2));
  error = error_of([&] { train(workshop.config()); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("checkpoint.safetensors"), std::string::npos)
      << error.what();
}

// Different models may share a folder of caches; each must read its own.
TEST(Trainer, CachesBelongToTheirModel) {
  const std::vector<std::function<void(tests::Json&)>> changes = {
      [](tests::Json& model) { model["vision"]["hidden_size"] = 32; },  // other random words
      [](tests::Json& model) {
        model["image"]["mean"] = {0.1, 0.2, 0.3};
      },
      [](tests::Json& model) { model["text"]["num_attention_heads"] = 4; },
  };
  for (const auto& change : changes) {
    TinyWorkshop workshop(2);
    train(workshop.config());
    change(workshop.model());
    workshop.train_file()["run"] = (workshop.root() / "shared").string();
    train(workshop.config());
    const std::string shared = read_text(workshop.run() / "checkpoint.safetensors");
    std::filesystem::remove_all(workshop.root() / "cache");
    workshop.train_file()["run"] = (workshop.root() / "alone").string();
    train(workshop.config());
    EXPECT_TRUE(read_text(workshop.run() / "checkpoint.safetensors") == shared);
  }
}

TEST(Trainer, ReportsHeldOutPictures) {
  TinyWorkshop workshop(60);
  workshop.train_file()["datasets"][0]["held_out"] = 2;
  int training = 0;
  std::vector<TrainReport> validations;
  TrainControl control;
  control.report = [&](const TrainReport& report) {
    training += report.phase == "train";
    if (report.phase == "validate") validations.push_back(report);
  };
  train(workshop.config(), control);
  EXPECT_EQ(training, 2);  // after 50 steps and at the end
  ASSERT_EQ(validations.size(), 1u);
  EXPECT_GT(validations[0].caption_loss, 0);
  EXPECT_GT(validations[0].answer_loss, 0);
  EXPECT_NE(validations[0].text.find(" of 4 held-out answers right"), std::string::npos)
      << validations[0].text;
}

TEST(Trainer, QuestionOnlyBaselineSeesNoPicture) {
  TinyWorkshop workshop(80);
  workshop.train_file()["without_pictures"] = true;
  train(workshop.config());
  const Engine engine = load(workshop.trained());
  AnswerOptions options;
  options.top_k = 3;
  const Answer answer = engine.answer(Picture(), "what color is it?", options);
  // Three colours of 3, 2 and 3 pictures: none can be sure.
  ASSERT_EQ(answer.top_k.size(), 3u);
  EXPECT_LT(answer.top_k[0].probability, 0.7);
  EXPECT_GT(answer.top_k[2].probability, 0.05);
}

TEST(Trainer, NamesUnreadablePictures) {
  TinyWorkshop workshop(2);
  tests::write_text(workshop.picture("r2.png"), "no picture");
  std::filesystem::remove(workshop.picture("b1.png"));
  const Error error = error_of([&] { train(workshop.config()); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("r2.png"), std::string::npos) << error.what();
  EXPECT_NE(std::string(error.what()).find("b1.png"), std::string::npos) << error.what();
}

TEST(Trainer, NeedsStartingWeightsToFreeze) {
  TinyWorkshop workshop(2);
  workshop.train_file()["frozen"] = {"text_encoder."};
  EXPECT_EQ(error_of([&] { train(workshop.config()); }).code(), ErrorCode::kDataFormat);
}

TEST(Trainer, FreezesNamedParts) {
  TinyWorkshop workshop(4);
  const auto initial = trained_workshop().trained() / "model.safetensors";
  workshop.train_file()["initial"] = initial.string();
  workshop.train_file()["frozen"] = {"text_encoder."};
  train(workshop.config());
  const auto before = io::SafetensorsFile::open(initial);
  const auto after = io::SafetensorsFile::open(workshop.trained() / "model.safetensors");
  ASSERT_EQ(before.names(), after.names());
  bool learned = false;
  for (const std::string& name : before.names()) {
    const auto &a = before.at(name), &b = after.at(name);
    ASSERT_EQ(a.bytes, b.bytes) << name;
    const bool same = std::memcmp(a.data, b.data, a.bytes) == 0;
    if (name.rfind("text_encoder.", 0) == 0) {
      EXPECT_TRUE(same) << name;
    }
    learned = learned || !same;
  }
  EXPECT_TRUE(learned);
}

}  // namespace
}  // namespace beholder::train
