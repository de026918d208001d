#include "convert/export_model.hpp"

#include <gtest/gtest.h>

#include "io/safetensors.hpp"
#include "support/plain_answers.hpp"
#include "train/trainer.hpp"

namespace beholder::convert {
namespace {

using tests::error_of;
using tests::expect_all_right;
using tests::load;
using tests::TinyWorkshop;
using tests::trained_workshop;

TEST(ExportModel, CompactModelAnswersTheSame) {
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
TEST(ExportModel, QuantisesWideMatrices) {
  TinyWorkshop workshop(100);
  for (const char* part : {"vision", "text", "fusion"}) {
    workshop.model()[part]["hidden_size"] = 64;
    workshop.model()[part]["intermediate_size"] = 64;
  }
  workshop.train_file()["stages"][0]["learning_rate"] = 3e-3;
  train::train(workshop.config());
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

}  // namespace
}  // namespace beholder::convert
