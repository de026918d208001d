// Every format and kind of picture against what Pillow reads (tests/golden/pictures/README.md and
// tests/golden/pixels/README.md).
#include "vision/image_test_support.hpp"

namespace beholder::vision {
namespace {

class ImageGolden : public testing::TestWithParam<GoldenPicture> {};

TEST_P(ImageGolden, IsWhatPillowReads) {
  const GoldenPicture& picture = GetParam();
  const Image expected = load_image(golden(picture.name + ".ppm"));
  expect_near(load_image(golden(picture.name)), expected, picture.largest, picture.mean);
}

TEST_P(ImageGolden, HoldsThePixelCap) {
  const Bytes bytes = read_file_bytes(golden(GetParam().name));
  // HEVC codes whole blocks of 64x64 px, of which the picture is a crop.
  const bool heic = GetParam().name.find(".heic") != std::string::npos;
  const std::uint64_t pixels = heic ? 64 * 64 : 24 * 16;
  EXPECT_NO_THROW(decode(bytes, pixels));
  EXPECT_EQ(code_of(bytes, pixels - 1), ErrorCode::kPictureTooLarge);
  EXPECT_EQ(code_of(bytes, 1), ErrorCode::kPictureTooLarge);
}

INSTANTIATE_TEST_SUITE_P(Pictures, ImageGolden, testing::ValuesIn(golden_pictures()), golden_name);

TEST(ImageGoldenList, HasEveryFormat) {
  std::string extensions;
  for (const GoldenPicture& p : golden_pictures())
    extensions += std::filesystem::path(p.name).extension().string();
  for (const char* extension : {".jpg", ".png", ".gif", ".bmp", ".tga", ".psd", ".ppm", ".pgm",
                                ".webp", ".tif", ".avif", ".heic", ".jxl", ".jp2", ".j2k", ".mpo"})
    EXPECT_NE(extensions.find(extension), std::string::npos) << extension;
}

}  // namespace
}  // namespace beholder::vision
