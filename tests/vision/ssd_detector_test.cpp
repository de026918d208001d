// The detector of photos with the bundled weights, against OpenCV's DNN module (golden files by
// tools/golden_photo_objects.py), and on pictures made from the same photos.
#include "vision/ssd_detector.hpp"

#include <c10/core/InferenceMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <opencv2/imgproc.hpp>

#include "support/gradients.hpp"
#include "vision/intake/image_decoder.hpp"
#include "vision/merge_boxes.hpp"

namespace beholder::vision {
namespace {

using Json = nlohmann::json;

const std::string kRoot = BEHOLDER_SOURCE_DIR;
constexpr int kSide = 300;

const SsdDetector& detector() {
  static const SsdDetector made = [] {
    nn::StoredParameters stored(
        io::SafetensorsFile::open(kRoot + "/models/beholder/photo_objects.safetensors"));
    SsdDetector out(stored, "photo_objects", 80);
    stored.check_all_used();
    return out;
  }();
  return made;
}

Json golden() {
  std::ifstream in(kRoot + "/tests/golden/networks/photo_objects.json");
  return Json::parse(in);
}

/// As OpenCV's blobFromImage sees it.
Image seen(const std::string& name) {
  const Image image = load_image(kRoot + "/samples/" + name);
  Image out{kSide, kSide, std::vector<std::uint8_t>(3 * kSide * kSide)};
  const cv::Mat from(image.height, image.width, CV_8UC3,
                     const_cast<std::uint8_t*>(image.rgb.data()));
  cv::Mat to(kSide, kSide, CV_8UC3, out.rgb.data());
  cv::resize(from, to, to.size(), 0, 0, cv::INTER_LINEAR);
  return out;
}

Image mirror_image(const Image& image) {
  Image out = image;
  cv::Mat bytes(out.height, out.width, CV_8UC3, out.rgb.data());
  cv::flip(bytes, bytes, 1);
  return out;
}

at::Tensor pixels_of(const Image& image) {
  return at::from_blob(const_cast<std::uint8_t*>(image.rgb.data()),
                       {1, image.height, image.width, 3}, at::kByte)
                 .permute({0, 3, 1, 2})
                 .to(at::kFloat) *
             (2.0 / 255) -
         1;
}

double rms(const at::Tensor& x) { return x.pow(2).mean().sqrt().item<double>(); }

/// Differences of raw boxes, and of scores as logits, from the golden ones.
std::pair<double, double> errors(const SsdDetector::Output& output, const Json& wanted) {
  const auto rows = [&](const char* key) {
    std::vector<at::Tensor> out;
    for (const Json& row : wanted.at(key)) out.push_back(at::tensor(row.get<std::vector<float>>()));
    return at::stack(out);
  };
  using at::indexing::None;
  using at::indexing::Slice;
  const at::Tensor boxes = output.boxes.index({Slice(None, None, 97)});
  const at::Tensor scores = output.scores.index({Slice(None, None, 97), Slice(None, None, 9)});
  return {rms(boxes - rows("boxes")), rms(scores - at::logit(rows("scores")))};
}

// What is left is the rounding of weights to int8 and F16: without it both are 2e-5.
TEST(SsdDetector, GivesWhatOpenCvGives) {
  const c10::InferenceMode inference;
  const Json all = golden();
  for (const auto& [name, wanted] : all.items()) {
    const SsdDetector::Output output = detector().forward(pixels_of(seen(name)));
    ASSERT_EQ(output.boxes.sizes(), (at::IntArrayRef{1917, 4}));
    ASSERT_EQ(output.scores.sizes(), (at::IntArrayRef{1917, 80}));
    const auto [boxes, scores] = errors(output, wanted);
    EXPECT_LT(boxes, 0.02) << name;
    EXPECT_LT(scores, 0.06) << name;
  }
}

TEST(SsdDetector, TellsAShiftedPictureApart) {
  const c10::InferenceMode inference;
  const at::Tensor pixels = pixels_of(seen("cat.jpg")).roll({8}, {3});
  const auto [boxes, scores] = errors(detector().forward(pixels), golden().at("cat.jpg"));
  EXPECT_GT(boxes, 0.1);
  EXPECT_GT(scores, 0.3);
}

TEST(SsdDetector, FindsTheBoxesThatOpenCvFinds) {
  const c10::InferenceMode inference;
  const Json all = golden();
  for (const auto& [name, wanted] : all.items()) {
    const std::vector<ScoredBox> found = detector().detect(seen(name), 0.1f);
    ASSERT_FALSE(wanted.at("found").empty());
    for (const Json& row : wanted.at("found")) {
      std::array<float, 4> box{};
      for (int i = 0; i < 4; ++i) box[i] = std::clamp(row.at(2 + i).get<float>(), 0.0f, 1.0f);
      const bool known = std::any_of(found.begin(), found.end(), [&](const ScoredBox& one) {
        return one.kind == row.at(0).get<std::size_t>() &&
               std::abs(one.score - row.at(1).get<float>()) < 0.02f &&
               intersection_over_union(one.box, box) > 0.97f;
      });
      EXPECT_TRUE(known) << name << ": " << row.dump();
    }
  }
}

// Of a mirrored picture it sees the picture, and gives the boxes of what it was given.
TEST(SsdDetector, TurnsTheBoxesOfTheMirrorImageBack) {
  const c10::InferenceMode inference;
  const Image image = seen("astronaut.jpg");
  const auto plain = detector().detect(image, 0.2f);
  const auto turned = detector().detect_mirrored(mirror_image(image), 0.2f);
  ASSERT_FALSE(plain.empty());
  ASSERT_EQ(plain.size(), turned.size());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_EQ(plain[i].kind, turned[i].kind);
    EXPECT_FLOAT_EQ(plain[i].score, turned[i].score);
    const std::array<float, 4>&box = plain[i].box, &other = turned[i].box;
    EXPECT_NEAR(other[0], 1 - box[2], 1e-6);
    EXPECT_NEAR(other[2], 1 - box[0], 1e-6);
    EXPECT_NEAR(other[1], box[1], 1e-6);
    EXPECT_NEAR(other[3], box[3], 1e-6);
  }
}

TEST(SsdDetector, TheFirstMapAloneIsTheStartOfAll) {
  const c10::InferenceMode inference;
  const at::Tensor pixels = pixels_of(seen("cat.jpg"));
  const auto all = detector().forward(pixels), fine = detector().forward(pixels, true);
  ASSERT_EQ(fine.maps, (std::vector<std::array<std::int64_t, 2>>{{19, 19}}));
  ASSERT_EQ(fine.boxes.size(0), 19 * 19 * 3);
  EXPECT_TRUE(fine.boxes.equal(all.boxes.slice(0, 0, fine.boxes.size(0))));
  EXPECT_TRUE(fine.scores.equal(all.scores.slice(0, 0, fine.scores.size(0))));
}

TEST(SsdDetector, GradientsFlowThroughFrozenLayers) {
  at::manual_seed(1);
  tests::expect_gradients_through_frozen(
      [](nn::ParameterSource& source, const at::Tensor& pixels) {
        const SsdDetector::Output out = SsdDetector(source, "d", 3).forward(pixels);
        return at::cat({out.boxes, out.scores}, 1);
      },
      at::randn({1, 3, 64, 64}));
}

}  // namespace
}  // namespace beholder::vision
