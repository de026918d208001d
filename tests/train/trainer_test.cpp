#include "train/trainer.hpp"

#include <ATen/Context.h>
#include <gtest/gtest.h>

#include "beholder/engine.hpp"
#include "support/plain_answers.hpp"

namespace beholder::train {
namespace {

using tests::error_of;
using tests::expect_all_right;
using tests::load;
using tests::read_text;
using tests::TinyWorkshop;
using tests::trained_workshop;

TEST(Trainer, LearnsItsPictures) { expect_all_right(load(trained_workshop().trained())); }

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
