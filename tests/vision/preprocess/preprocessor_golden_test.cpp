// Whole processors against transformers' own (tests/golden/preprocess/README.md).
#include <nlohmann/json.hpp>

#include "core/check.hpp"
#include "vision/image_test_support.hpp"
#include "vision/preprocess/image_processor.hpp"
#include "vision/preprocess/pixel_batch.hpp"
#include "vision/preprocess/preprocessor_config.hpp"

namespace beholder::vision {
namespace {

using Json = nlohmann::json;

constexpr double kTolerance = 1e-4;  // in normalised units; a level of a byte is 0.008 or more

Json golden_of(const std::string& name) {
  return Json::parse(read_file_text(golden("preprocess/" + name + "/golden.json")));
}

ImageProcessor processor_of(const std::string& name) {
  ImageProcessorConfig defaults;
  if (name.rfind("clip", 0) == 0) defaults.resize = ResizeRule::shortest(224);
  return ImageProcessor(load_preprocessor_config(golden("preprocess/" + name), defaults));
}

Image picture_of(const Json& wanted) {
  return load_image(
      golden(concat("resize/source_", wanted.at("picture").get<std::string>(), ".ppm")));
}

void expect_values(const std::vector<float>& got, const Json& wanted, std::size_t plane) {
  const std::vector<double> values = wanted.at("values"), means = wanted.at("means");
  const std::size_t step = wanted.at("step");
  ASSERT_EQ((got.size() + step - 1) / step, values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    ASSERT_NEAR(got[i * step], values[i], kTolerance * std::max(1.0, std::abs(values[i])))
        << "value " << i * step;
  ASSERT_EQ(got.size(), means.size() * plane);
  for (std::size_t i = 0; i < means.size(); ++i) {
    double sum = 0;
    for (std::size_t k = 0; k < plane; ++k) sum += got[i * plane + k];
    ASSERT_NEAR(sum / static_cast<double>(plane), means[i],
                1e-5 * std::max(1.0, std::abs(means[i])))
        << "plane " << i;
  }
}

void expect_golden(const ProcessedImage& got, const Json& wanted) {
  EXPECT_EQ(wanted.at("shape"), Json({got.images, 3, got.height, got.width}));
  EXPECT_EQ(got.rows, wanted.at("rows").get<int>());
  EXPECT_EQ(got.columns, wanted.at("columns").get<int>());
  if (testing::Test::HasFailure()) return;
  expect_values(got.pixel_values, wanted, static_cast<std::size_t>(got.height) * got.width);
}

TEST(PreprocessorGolden, EveryPictureIsWhatTheReferenceMakesOfIt) {
  int cases = 0, pictures = 0;
  for (const auto& folder : std::filesystem::directory_iterator(golden("preprocess"))) {
    if (!folder.is_directory()) continue;
    ++cases;
    const std::string name = folder.path().filename().string();
    const ImageProcessor processor = processor_of(name);
    const Json all = golden_of(name);
    for (const Json& wanted : all.at("pictures")) {
      SCOPED_TRACE(name + " " + wanted.at("picture").get<std::string>());
      ++pictures;
      expect_golden(processor.process(picture_of(wanted)), wanted);
    }
  }
  EXPECT_EQ(cases, 19);
  EXPECT_EQ(pictures, 67);
}

TEST(PreprocessorGolden, BatchesArePaddedAndMaskedAsByTheReference) {
  int batches = 0;
  for (const std::string name : {"vilt", "idefics3", "idefics3_odd", "vit_pad"}) {
    SCOPED_TRACE(name);
    const ImageProcessor processor = processor_of(name);
    const Json all = golden_of(name);
    std::vector<ProcessedImage> processed;
    for (const Json& wanted : all.at("pictures"))
      processed.push_back(processor.process(picture_of(wanted)));
    const PixelBatch batch = pad_batch(processed);
    const Json& wanted = all.at("batch");
    const Json shape = wanted.at("shape");
    Json got = {batch.pictures, batch.images, 3, batch.height, batch.width};
    if (shape.size() == 4) got.erase(1);  // processors without tiles
    ASSERT_EQ(got, shape);
    const std::size_t plane = static_cast<std::size_t>(batch.height) * batch.width;
    expect_values(batch.pixel_values, wanted, plane);
    if (!wanted.contains("mask")) continue;
    const std::vector<int> ones = wanted.at("mask");
    ASSERT_EQ(batch.pixel_mask.size(), ones.size() * plane);
    for (std::size_t i = 0; i < ones.size(); ++i) {
      const auto begin = batch.pixel_mask.begin() + static_cast<std::ptrdiff_t>(i * plane);
      EXPECT_EQ(std::count(begin, begin + static_cast<std::ptrdiff_t>(plane), 1), ones[i]) << i;
    }
    ++batches;
  }
  EXPECT_EQ(batches, 3);
}

// A bound on the tiles gives what the reference gives when its `size` is set that low, and without
// room for two tiles what it gives without splitting.
TEST(PreprocessorGolden, ABoundOnTilesIsASmallerPicture) {
  const ImageProcessor processor = processor_of("idefics3");
  const Json half = golden_of("idefics3_half"), whole = golden_of("idefics3_whole");
  const Json& small = half.at("pictures").at(0);
  const Json& one = whole.at("pictures").at(0);
  const Image picture = picture_of(small);
  EXPECT_EQ(processor.process(picture, 12).images, 13);
  for (const int bound : {4, 8}) expect_golden(processor.process(picture, bound), small);
  for (const int bound : {0, 1, 3}) expect_golden(processor.process(picture, bound), one);
}

}  // namespace
}  // namespace beholder::vision
