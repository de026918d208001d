#include "train/checkpoint.hpp"

#include <gtest/gtest.h>

#include "support/tiny_model.hpp"

namespace beholder::train {
namespace {

TrainState state(const std::string& config, float value) {
  TrainState out;
  out.config_fingerprint = config;
  for (auto* tensors : {&out.values, &out.average, &out.moment1, &out.moment2})
    (*tensors)["a.weight"] = at::full({2, 3}, value++);
  return out;
}

TEST(Checkpoint, ComesBackAsItWas) {
  io::TemporaryFolder folder;
  TrainState saved = state("one", 1.25f);
  saved.step = 17;
  save_checkpoint(saved, folder / "c.safetensors");
  TrainState loaded = state("one", 0);
  load_checkpoint(folder / "c.safetensors", loaded);
  EXPECT_EQ(loaded.step, 17);
  EXPECT_TRUE(loaded.values.at("a.weight").equal(saved.values.at("a.weight")));
  EXPECT_TRUE(loaded.average.at("a.weight").equal(saved.average.at("a.weight")));
  EXPECT_TRUE(loaded.moment1.at("a.weight").equal(saved.moment1.at("a.weight")));
  EXPECT_TRUE(loaded.moment2.at("a.weight").equal(saved.moment2.at("a.weight")));
}

TEST(Checkpoint, RefusesWhatDoesNotFit) {
  io::TemporaryFolder folder;
  save_checkpoint(state("one", 1), folder / "c.safetensors");
  TrainState other = state("two", 0);
  EXPECT_EQ(tests::error_of([&] { load_checkpoint(folder / "c.safetensors", other); }).code(),
            ErrorCode::kModelFormat);
  TrainState wider = state("one", 0);
  wider.moment2["a.weight"] = at::zeros({2, 4});
  const Error error = tests::error_of([&] { load_checkpoint(folder / "c.safetensors", wider); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("moment2.a.weight"), std::string::npos) << error.what();

  // The step is text in the file's header, open to damage of its own.
  std::string bytes = tests::read_text(folder / "c.safetensors");
  const std::size_t at = bytes.find("\"step\":\"0\"");
  ASSERT_NE(at, std::string::npos);
  bytes[at + 8] = 'x';
  tests::write_text(folder / "d.safetensors", bytes);
  TrainState same = state("one", 0);
  EXPECT_EQ(tests::error_of([&] { load_checkpoint(folder / "d.safetensors", same); }).code(),
            ErrorCode::kModelFormat);
}

}  // namespace
}  // namespace beholder::train
