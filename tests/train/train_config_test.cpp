#include "train/train_config.hpp"

#include <gtest/gtest.h>

#include "support/tiny_model.hpp"

namespace beholder::train {
namespace {

using tests::error_of;
using tests::Json;
using tests::TinyWorkshop;

TEST(TrainConfig, ReadsWhatTheFileSays) {
  TinyWorkshop workshop(7);
  const TrainConfig config = workshop.config();
  EXPECT_EQ(config.fit.seed, 3u);
  EXPECT_EQ(config.fit.run, workshop.root() / "run");
  EXPECT_EQ(config.model.vision.kind, "patch");
  EXPECT_TRUE(config.initial.empty());
  ASSERT_EQ(config.datasets.size(), 1u);
  EXPECT_EQ(config.datasets[0].pictures_per_step, 8);
  ASSERT_EQ(config.stages.size(), 1u);
  EXPECT_EQ(config.stages[0].steps, 7);
  EXPECT_EQ(config.stages[0].weights.at("colors"), 1);
}

TEST(TrainConfig, NamesTheKeyThatIsWrong) {
  struct Case {
    const char* pointer;  // what is set
    Json value;           // null: removed
    const char* named;    // in the message
  };
  const std::vector<Case> cases = {
      {"/seed", "three", "'seed'"},
      {"/dropout", 1.5, "'dropout'"},
      {"/clip_norm", 0, "'clip_norm'"},
      {"/run", nullptr, "'run'"},
      {"/learning_rate", 0.1, "'learning_rate'"},
      {"/datasets", Json::array(), "'datasets'"},
      {"/datasets/0/name", nullptr, "name'"},
      {"/datasets/0/held_out", -1, "held_out'"},
      {"/datasets/0/texts", {"a.jsonl"}, "texts'"},
      {"/datasets/0/picture_per_step", 4, "picture_per_step'"},
      {"/datasets/0/views", 0, "views'"},
      {"/datasets/0/crop_share", 1.5, "crop_share'"},
      {"/token_dropout", 1, "'token_dropout'"},
      {"/stages/0/self_critical_samples", 1, "self_critical_samples'"},
      {"/stages", Json::array(), "'stages'"},
      {"/stages/0/steps", 0, "steps'"},
      {"/stages/0/warmup_steps", 1000, "warmup_steps'"},
      {"/stages/0/weights/colors", 2, "weights.colors'"},
      {"/stages/0/weights/colours", 1, "colours'"},
  };
  for (const Case& wrong : cases) {
    TinyWorkshop workshop(7);
    const Json::json_pointer at(wrong.pointer);
    if (wrong.value.is_null())
      workshop.train_file().at(at.parent_pointer()).erase(at.back());
    else
      workshop.train_file()[at] = wrong.value;
    const Error error = error_of([&] { workshop.config(); });
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat) << wrong.pointer << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find(wrong.named), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("train.json"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace beholder::train
