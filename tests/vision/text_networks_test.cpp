// The networks for reading with the bundled weights, against the ONNX graphs that they come from
// (golden files by tools/golden_reading.py).
#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/text_files.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/text_detector.hpp"
#include "vision/text_recognizer.hpp"

namespace beholder::vision {
namespace {

using Json = nlohmann::json;
using tests::error_of;

const std::string kRoot = BEHOLDER_SOURCE_DIR;
constexpr std::int64_t kClasses = 6625;

Json golden() {
  std::ifstream in(kRoot + "/tests/golden/reading/expected.json");
  return Json::parse(in);
}

nn::StoredParameters stored(const char* file) {
  return nn::StoredParameters(io::SafetensorsFile::open(kRoot + "/models/beholder/" + file));
}

at::Tensor pixels_of(const std::string& name) {
  const Image image = load_image(kRoot + "/tests/golden/reading/" + name);
  return at::from_blob(const_cast<std::uint8_t*>(image.rgb.data()),
                       {1, image.height, image.width, 3}, at::kByte)
                 .to(at::kFloat)
                 .permute({0, 3, 1, 2}) /
             127.5 -
         1;
}

// Weights are stored as 16-bit floats, which the graph's are not.
TEST(TextDetector, SeesWhatItsGraphSees) {
  const c10::InferenceMode inference;
  nn::StoredParameters source = stored("text_detection.safetensors");
  const TextDetector detector(source);
  source.check_all_used();
  const at::Tensor map = detector.forward(pixels_of("part.png")).contiguous();
  ASSERT_EQ(map.sizes(), (at::IntArrayRef{96, 128}));
  const Json expected = golden().at("map");
  double worst = 0, sum = 0;
  for (std::int64_t y = 0; y < 96; y += 4)
    for (std::int64_t x = 0; x < 128; x += 4) {
      const double value = expected.at(y / 4).at(x / 4).get<double>();
      worst = std::max(worst, std::abs(value - map[y][x].item<double>()));
      sum += value;
    }
  EXPECT_LT(worst, 0.02);
  EXPECT_GT(sum, 20);  // there is something to see
}

TEST(TextDetector, RefusesOtherShapes) {
  const c10::InferenceMode inference;
  nn::StoredParameters source = stored("text_detection.safetensors");
  const TextDetector detector(source);
  EXPECT_EQ(error_of([&] {
              detector.forward(at::zeros({1, 3, 64, 50}));
            }).code(),
            ErrorCode::kShape);
  EXPECT_EQ(error_of([&] {
              detector.forward(at::zeros({2, 3, 64, 64}));
            }).code(),
            ErrorCode::kShape);
}

TEST(TextRecognizer, ReadsWhatItsGraphReads) {
  const c10::InferenceMode inference;
  nn::StoredParameters source = stored("text_recognition.safetensors");
  const TextRecognizer recognizer(source, kClasses);
  source.check_all_used();
  const at::Tensor places = recognizer.forward(pixels_of("word.png")).softmax(2)[0];
  const Json expected = golden().at("places");
  ASSERT_EQ(places.sizes(),
            (at::IntArrayRef{static_cast<std::int64_t>(expected.size()), kClasses}));
  std::size_t characters = 0;
  for (std::size_t place = 0; place < expected.size(); ++place) {
    const at::Tensor scores = places[static_cast<std::int64_t>(place)];
    EXPECT_EQ(scores.argmax().item<std::int64_t>(), expected[place][0].get<std::int64_t>());
    EXPECT_NEAR(scores.max().item<double>(), expected[place][1].get<double>(), 0.01) << place;
    characters += expected[place][0] != 0;
  }
  EXPECT_GE(characters, 10u);
}

TEST(TextRecognizer, LinesOfABatchAreReadAlone) {
  const c10::InferenceMode inference;
  nn::StoredParameters source = stored("text_recognition.safetensors");
  const TextRecognizer recognizer(source, kClasses);
  const at::Tensor word = pixels_of("word.png");
  const at::Tensor both = recognizer.forward(at::cat({word, -word}));
  EXPECT_LT((both[0] - recognizer.forward(word)[0]).abs().max().item<double>(), 1e-3);
  EXPECT_EQ(error_of([&] {
              recognizer.forward(at::zeros({1, 3, 32, 320}));
            }).code(),
            ErrorCode::kShape);
  EXPECT_EQ(error_of([&] {
              recognizer.forward(at::zeros({1, 3, 48, 100}));
            }).code(),
            ErrorCode::kShape);
}

}  // namespace
}  // namespace beholder::vision
