#include "vision/preprocess/image_processor.hpp"

#include <cmath>
#include <limits>
#include <tuple>

#include "core/check.hpp"
#include "vision/image_test_support.hpp"
#include "vision/preprocess/pixel_batch.hpp"

namespace beholder::vision {
namespace {

Image pattern(int width, int height) {
  Image image{width, height, {}};
  for (int i = 0; i < width * height * 3; ++i)
    image.rgb.push_back(static_cast<std::uint8_t>((i * 37 + i / 7 * 11) % 256));
  return image;
}

ImageProcessorConfig config_of(int size, Resample resample) {
  ImageProcessorConfig config;
  config.resize = ResizeRule::square(size);
  config.resample = resample;
  return config;
}

// (x / 255 - mean) / std in doubles, straight from the definition.
double normalised(const Image& square, const ImageProcessorConfig& config, int c, int y, int x) {
  const double byte = square.rgb[(static_cast<std::size_t>(y) * square.width + x) * 3 + c];
  return (byte / 255 - config.image_mean[c]) / config.image_std[c];
}

TEST(ImageProcessor, NormalisesIntoPlanes) {
  for (const Resample resample :
       {Resample::kArea, Resample::kPillowBicubic, Resample::kPillowBilinear,
        Resample::kPillowNearest, Resample::kPillowLanczos}) {
    for (const int size : {5, 16, 40}) {
      const ImageProcessorConfig config = config_of(size, resample);
      const Image image = pattern(23, 16);
      std::vector<float> plain(3 * size * size), mirrored(plain.size());
      ImageProcessor(config).process(image, size, size, plain.data());
      ImageProcessor(config).process(image, size, size, mirrored.data(), true);
      EXPECT_EQ(ImageProcessor(config).process(image).pixel_values, plain);
      const Image square = resize_image(image, size, size, resample);
      for (int c = 0; c < 3; ++c)
        for (int y = 0; y < size; ++y)
          for (int x = 0; x < size; ++x) {
            const double expected = normalised(square, config, c, y, x);
            ASSERT_NEAR(plain[(c * size + y) * size + x], expected, 1e-5);
            ASSERT_NEAR(mirrored[(c * size + y) * size + size - 1 - x], expected, 1e-5);
          }
    }
  }
}

TEST(ImageProcessor, KeepsEveryByteOfAPictureOfItsSize) {
  const Image image = pattern(12, 12);
  ImageProcessorConfig config = config_of(12, Resample::kArea);
  config.image_mean = {0, 0, 0};
  config.image_std = {1, 1, 1};
  config.rescale = 1;
  std::vector<float> values(3 * 12 * 12);
  ImageProcessor(config).process(image, 12, 12, values.data());
  for (int i = 0; i < 144; ++i)
    for (int c = 0; c < 3; ++c) ASSERT_EQ(values[c * 144 + i], image.rgb[i * 3 + c]);
}

// The area filter in its own words: each output pixel is the mean over the rectangle it covers.
TEST(ImageProcessor, AreaIsTheMeanOfWhatAPixelCovers) {
  const Image image = pattern(30, 21);
  for (const auto& [width, height] : {std::pair(10, 7), std::pair(15, 3), std::pair(7, 5)}) {
    const Image small = resize_image(image, width, height, Resample::kArea);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < 3; ++c) {
          const double sx = 30.0 / width, sy = 21.0 / height;
          double sum = 0;
          for (int v = 0; v < 21; ++v)
            for (int u = 0; u < 30; ++u) {
              const double wide = std::min(u + 1.0, (x + 1) * sx) - std::max(u + 0.0, x * sx);
              const double high = std::min(v + 1.0, (y + 1) * sy) - std::max(v + 0.0, y * sy);
              if (wide > 0 && high > 0) sum += wide * high * image.rgb[(v * 30 + u) * 3 + c];
            }
          ASSERT_NEAR(small.rgb[(y * width + x) * 3 + c], sum / (sx * sy), 1.01);
        }
  }
}

TEST(ImageProcessor, EnlargesAFlatPictureToItsOwnColour) {
  Image flat{3, 2, {}};
  for (int i = 0; i < 6; ++i) flat.rgb.insert(flat.rgb.end(), {200, 20, 90});
  for (const Resample resample :
       {Resample::kArea, Resample::kPillowBicubic, Resample::kPillowBilinear,
        Resample::kPillowNearest, Resample::kPillowLanczos}) {
    const Image large = resize_image(flat, 17, 31, resample);
    ASSERT_EQ(large.rgb.size(), 17u * 31 * 3);
    for (std::size_t i = 0; i < large.rgb.size(); ++i) ASSERT_EQ(large.rgb[i], flat.rgb[i % 3]);
  }
}

TEST(ImageProcessor, RefusesWhatCannotBe) {
  for (const int size : {0, -1, 16385})
    EXPECT_EQ(code_thrown([&] { ImageProcessor{config_of(size, Resample::kArea)}; }),
              ErrorCode::kModelFormat);
  for (const float s : {0.0f, -1.0f, std::numeric_limits<float>::quiet_NaN()}) {
    ImageProcessorConfig config;
    config.image_std[1] = s;
    EXPECT_EQ(code_thrown([&] { ImageProcessor{config}; }), ErrorCode::kModelFormat);
  }
  Image torn = pattern(4, 4);
  torn.rgb.pop_back();
  const ImageProcessor processor(config_of(8, Resample::kArea));
  EXPECT_EQ(code_thrown([&] { processor.process(torn); }, "4x4"), ErrorCode::kShape);
  EXPECT_EQ(code_thrown([&] { processor.process(Image{}); }), ErrorCode::kShape);
  EXPECT_EQ(code_thrown([&] { resize_image(pattern(4, 4), 0, 3, Resample::kArea); }),
            ErrorCode::kShape);
}

TEST(ImageProcessor, FillsAnyRectangle) {
  const Image image{3, 2, std::vector<std::uint8_t>(18, 200)};
  const ImageProcessorConfig config = config_of(4, Resample::kArea);
  std::vector<float> values(3 * 6 * 8, -9);
  ImageProcessor(config).process(image, 8, 6, values.data());
  for (int c = 0; c < 3; ++c)
    for (int i = 0; i < 48; ++i)
      EXPECT_NEAR(values[48 * c + i],
                  (200 * config.rescale - config.image_mean[c]) / config.image_std[c], 1e-4);
}

TEST(ImageProcessor, TakesThinTinyAndHugePictures) {
  ImageProcessorConfig crop;
  crop.resize = ResizeRule::shortest(224);
  crop.crop_size = ImageSize{224, 224};
  crop.resample = Resample::kPillowBicubic;
  ImageProcessorConfig tiles;
  tiles.resize = ResizeRule::longest(64);
  tiles.resample = Resample::kPillowLanczos;
  tiles.tile_size = 16;
  tiles.do_image_splitting = true;
  for (const auto& [width, height, count] :
       {std::tuple(1, 2000, 5), std::tuple(2000, 1, 5), std::tuple(1, 1, 17),
        std::tuple(16384, 1, 5), std::tuple(4000, 3000, 13)}) {
    SCOPED_TRACE(concat(width, "x", height));
    const Image image{width, height,
                      std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3, 90)};
    const ProcessedImage middle = ImageProcessor(crop).process(image);
    EXPECT_EQ(middle.width, 224);
    EXPECT_EQ(middle.height, 224);
    const ProcessedImage split = ImageProcessor(tiles).process(image);
    EXPECT_EQ(split.images, count);
    EXPECT_EQ(split.pixel_values.size(), 3u * 16 * 16 * count);
    for (const ProcessedImage& out : {middle, split})  // one colour stays that colour everywhere
      for (int c = 0; c < 3; ++c)
        for (int i = 0; i < out.width * out.height; ++i)
          ASSERT_NEAR(out.pixel_values[static_cast<std::size_t>(c) * out.width * out.height + i],
                      (90.0 / 255 - crop.image_mean[c]) / crop.image_std[c], 1e-4);
  }
}

TEST(ImageProcessor, NamesAPictureThatWouldBecomeTooLarge) {
  ImageProcessorConfig config;
  config.resize = ResizeRule::shortest(224);
  const Image thin{1, 2000, std::vector<std::uint8_t>(6000, 9)};
  EXPECT_EQ(code_thrown([&] { ImageProcessor(config).process(thin); }, "1x2000"),
            ErrorCode::kPictureTooLarge);
}

TEST(ImageProcessor, PadsRightAndBelowWithZeros) {
  ImageProcessorConfig config;
  config.resize = {};
  config.pad_size = ImageSize{5, 4};
  const ProcessedImage out = ImageProcessor(config).process(pattern(3, 2));
  EXPECT_EQ(out.content_width, 3);
  EXPECT_EQ(out.content_height, 2);
  for (int c = 0; c < 3; ++c)
    for (int y = 0; y < 4; ++y)
      for (int x = 0; x < 5; ++x) {
        const float value = out.pixel_values[(c * 4 + y) * 5 + x];
        if (x < 3 && y < 2)
          EXPECT_NEAR(value, normalised(pattern(3, 2), config, c, y, x), 1e-5);
        else
          EXPECT_EQ(value, 0);
      }
  EXPECT_EQ(code_thrown([&] { ImageProcessor(config).process(pattern(6, 2)); }, "5x4"),
            ErrorCode::kShape);
}

TEST(PadBatch, TheMaskLeavesOutWhatEachPictureWasPaddedBy) {
  ImageProcessorConfig config;
  config.resize = {};
  const ProcessedImage large = ImageProcessor(config).process(pattern(4, 6));
  config.pad_size = ImageSize{5, 4};
  const PixelBatch batch = pad_batch({ImageProcessor(config).process(pattern(3, 2)), large});
  EXPECT_EQ(batch.width, 5);
  EXPECT_EQ(batch.height, 6);
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 5; ++x) {
      EXPECT_EQ(batch.pixel_mask[y * 5 + x], x < 3 && y < 2 ? 1 : 0) << x << " " << y;
      EXPECT_EQ(batch.pixel_mask[30 + y * 5 + x], x < 4 ? 1 : 0) << x << " " << y;
    }
  EXPECT_EQ(code_thrown([] { pad_batch({}); }), ErrorCode::kShape);
}

TEST(ImageProcessor, RefusesACropBesideTiles) {
  ImageProcessorConfig config;
  config.tile_size = 8;
  ImageProcessor{config};
  config.crop_size = ImageSize{8, 8};
  EXPECT_EQ(code_thrown([&] { ImageProcessor{config}; }), ErrorCode::kModelFormat);
  config.tile_size = 0;
  config.do_image_splitting = true;
  EXPECT_EQ(code_thrown([&] { ImageProcessor{config}; }, "tile size"), ErrorCode::kModelFormat);
}

TEST(CentreCrop, OfAnOddMarginTheSmallerHalfIsLeft) {
  const CentreCrop cut = centre_crop(10, 7, 5, 4);
  EXPECT_EQ(cut.source.left, 2);
  EXPECT_EQ(cut.source.top, 1);
  EXPECT_EQ(cut.left + cut.top, 0);
  const CentreCrop ground = centre_crop(4, 9, 7, 9);  // as the reference has it
  EXPECT_EQ(ground.left, 2);
  EXPECT_EQ(ground.source.width, 4);
  const Image placed = place_image(pattern(1, 1), 1, 0, 3, 2);
  EXPECT_EQ(placed.rgb, (Bytes{0, 0, 0, pattern(1, 1).rgb[0], pattern(1, 1).rgb[1],
                               pattern(1, 1).rgb[2], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_THROW(place_image(pattern(3, 1), 1, 0, 3, 2), Error);
}

TEST(CropImage, CutsThePart) {
  Image image{4, 3, {}};
  for (int i = 0; i < 36; ++i) image.rgb.push_back(static_cast<std::uint8_t>(i));
  const Image part = crop_image(image, 1, 1, 2, 2);
  EXPECT_EQ(part.width, 2);
  EXPECT_EQ(part.height, 2);
  EXPECT_EQ(part.rgb, (std::vector<std::uint8_t>{15, 16, 17, 18, 19, 20, 27, 28, 29, 30, 31, 32}));
  for (const auto& [left, top, width, height] :
       {std::array{-1, 0, 2, 2}, {0, 0, 5, 1}, {3, 0, 2, 1}, {0, 2, 1, 2}, {0, 0, 0, 1}})
    EXPECT_THROW(crop_image(image, left, top, width, height), Error);
}

}  // namespace
}  // namespace beholder::vision
