// Reading with the bundled networks, against what the packaged PP-OCRv4 makes of the same pictures
// (golden files by tools/golden_reading.py).
#include "scene/text_reader.hpp"

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "io/temporary_folder.hpp"
#include "models/native/config.hpp"
#include "support/edited_weights.hpp"
#include "support/text_files.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/preprocess/image_processor.hpp"

namespace beholder::scene {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using tests::error_of;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
const fs::path kModel = kRoot / "models/beholder";
const fs::path kGolden = kRoot / "tests/golden/reading";

const TextReader& reader() {
  static const TextReader made(kModel, models::native::load_model_config(kModel).reading.value());
  return made;
}

std::vector<ReadLine> read(const vision::Image& image) {
  const c10::InferenceMode inference;
  return reader().read(TextReader::page_of(image), nullptr);
}

vision::Image picture(const char* name) { return vision::load_image(kGolden / name); }

TEST(TextReader, ReadsWhatThePackagedRuntimeReads) {
  std::ifstream in(kGolden / "expected.json");
  const Json expected = Json::parse(in).at("lines");
  for (const char* name : {"sign.png", "receipt.png"}) {
    const std::vector<ReadLine> found = read(picture(name));
    ASSERT_EQ(found.size(), expected.at(name).size()) << name;
    std::size_t matched = 0;
    for (const Json& one : expected.at(name))
      for (const ReadLine& line : found) {
        double apart = 0;  // of the corners, px
        for (std::size_t i = 0; i < 4; ++i)
          for (std::size_t axis = 0; axis < 2; ++axis)
            apart = std::max(apart, std::abs(line.corners[i][axis] -
                                             one.at("corners").at(i).at(axis).get<double>()));
        if (apart > 4) continue;
        EXPECT_EQ(line.text, one.at("text").get<std::string>());
        EXPECT_NEAR(line.confidence, one.at("score").get<double>(), 0.05) << line.text;
        ++matched;
      }
    EXPECT_EQ(matched, found.size()) << name;
  }
}

TEST(TextReader, GivesRowsFromTheLeft) {
  std::vector<std::string> texts;
  for (const ReadLine& line : read(picture("receipt.png"))) texts.push_back(line.text);
  ASSERT_GE(texts.size(), 5u);
  EXPECT_EQ(texts.front(), "CORNER STORE");
  const auto total = std::find(texts.begin(), texts.end(), "TOTAL");
  ASSERT_NE(total, texts.end());
  EXPECT_EQ(*(total + 1), "5.55");
  EXPECT_EQ(*(total + 2), "Cash");
}

TEST(TextReader, ReadsWhatStandsUpsideDown) {
  std::vector<std::string> texts;
  for (const ReadLine& line : read(vision::turned_half(picture("sign.png"))))
    texts.push_back(line.text);
  EXPECT_NE(std::find(texts.begin(), texts.end(), "No entry except buses"), texts.end());
}

TEST(TextReader, FindsNothingOnPlainGroundOfAnyShape) {
  for (const auto& [width, height] :
       {std::pair{1, 1}, std::pair{640, 480}, std::pair{3000, 20}, std::pair{7, 2500}}) {
    const auto bytes = static_cast<std::size_t>(width) * height * 3;
    EXPECT_TRUE(read({width, height, std::vector<std::uint8_t>(bytes, 130)}).empty());
  }
}

TEST(TextReader, ShrinksLargePagesAndStops) {
  const vision::Image large =
      vision::resize_image(picture("sign.png"), 4096, 3072, vision::Resample::kArea);
  EXPECT_EQ(TextReader::page_of(large).width, TextReader::kMostSide);
  EXPECT_EQ(TextReader::page_of(large).height, 1500);
  const std::atomic<bool> stop{true};
  const c10::InferenceMode inference;
  EXPECT_EQ(error_of([&] { reader().read(picture("sign.png"), &stop); }).code(),
            ErrorCode::kCancelled);
}

TEST(TextReader, SortsSlantedRows) {
  const auto line = [](const char* text, float left, float top) {
    return ReadLine{
        text, {{{left, top}, {left + 50, top + 3}, {left + 50, top + 23}, {left, top + 20}}}, 1};
  };
  std::vector<ReadLine> lines = {line("d", 10, 40), line("b", 100, 6), line("a", 10, 10),
                                 line("c", 200, 2)};
  sort_as_read(lines);
  std::string order;
  for (const ReadLine& one : lines) order += one.text;
  EXPECT_EQ(order, "abcd");
}

TEST(TextReader, SaysWhichFileIsWrong) {
  const io::TemporaryFolder folder;
  const ReadingConfig config;
  const auto make = [&] { TextReader(folder.path(), config).load(); };
  const char* const files[] = {TextReader::kDetectionFile, TextReader::kRecognitionFile,
                               TextReader::kCharactersFile};
  for (const char* name : files) {
    const Error missing = error_of(make);
    EXPECT_EQ(missing.code(), ErrorCode::kFileNotFound) << name;
    EXPECT_NE(std::string(missing.what()).find(name), std::string::npos) << missing.what();
    fs::copy_file(kModel / name, folder.path() / name);
  }
  EXPECT_NO_THROW(make());
  tests::write_text(folder.path() / TextReader::kCharactersFile, "a\nb\n");
  EXPECT_EQ(error_of(make).code(), ErrorCode::kModelFormat);  // the network has 6,625 classes
}

TEST(TextReader, RefusesWeightsThatAreNotFinite) {
  const c10::InferenceMode inference;
  const std::pair<const char*, const char*> damages[] = {
      {TextReader::kDetectionFile, "text_detection.head.up.1.weight"},
      {TextReader::kRecognitionFile, "text_recognition.backbone.blocks.3.depthwise.weight"},
      {TextReader::kRecognitionFile, "text_recognition.head.weight"}};
  for (const auto& [file, tensor] : damages) {
    const io::TemporaryFolder folder;
    fs::copy(kModel, folder.path(),
             fs::copy_options::overwrite_existing | fs::copy_options::recursive);
    tests::write_edited(io::SafetensorsFile::open(kModel / file), folder.path() / file,
                        [&](const std::string& name, io::DType dtype, tests::Bytes& bytes) {
                          if (name == tensor) tests::make_nan(dtype, bytes, 0);
                        });
    const TextReader damaged(folder.path(), {});
    EXPECT_EQ(error_of([&] { damaged.read(picture("sign.png"), nullptr); }).code(),
              ErrorCode::kModelFormat)
        << tensor;
  }
}

}  // namespace
}  // namespace beholder::scene
