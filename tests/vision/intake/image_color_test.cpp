// Colours by their profiles against Pillow's ImageCms (tests/golden/pixels/README.md).
#include "vision/intake/image_color.hpp"

#include "vision/image_test_support.hpp"

namespace beholder::vision {
namespace {

class ImageColorGolden : public testing::TestWithParam<GoldenPicture> {};

TEST_P(ImageColorGolden, IsWhatImageCmsMakesOfIt) {
  const GoldenPicture& picture = GetParam();
  const Image stored = load_image(golden(picture.name));
  ASSERT_FALSE(stored.icc_profile.empty());
  const Image meant = load_image(golden(picture.name + ".ppm"));
  Image converted;
  EXPECT_EQ(logged([&] { converted = to_srgb(stored, "picture"); }), "");
  EXPECT_NE(converted.rgb, stored.rgb);
  EXPECT_TRUE(converted.icc_profile.empty() && converted.cmyk.empty());
  expect_near(converted, meant, picture.largest, picture.mean);
}

// The profile and the inks may be anything: a picture or an Error, and conversion never fails.
TEST_P(ImageColorGolden, ChangedBytesAreConvertedOrLeftAlone) {
  const Bytes whole = read_file_bytes(golden(GetParam().name));
  std::uint32_t random = 1;
  const auto next = [&] { return (random = random * 1664525 + 1013904223) >> 8; };
  for (int round = 0; round < 300; ++round) {
    Bytes bytes = whole;
    for (int n = 0; n < 4; ++n) bytes[next() % bytes.size()] = static_cast<std::uint8_t>(next());
    try {
      const Image image = decode(bytes);
      const Image converted = to_srgb(image, "picture");
      EXPECT_EQ(converted.rgb.size(), image.rgb.size());
    } catch (const Error&) {
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Pictures, ImageColorGolden,
                         testing::ValuesIn(golden_pictures({"pixels/managed"})), golden_name);

Image adobe() { return load_image(golden("pixels/managed/adobe.png")); }

TEST(ImageColor, KeepsEveryByteOfSrgb) {
  for (const char* name : {"pixels/srgb.png", "pixels/srgb_table.png"}) {
    const Image stored = load_image(golden(name));
    ASSERT_FALSE(stored.icc_profile.empty());
    EXPECT_FALSE(converted_to_srgb(stored, "picture")) << name;
    EXPECT_EQ(to_srgb(stored, "picture").rgb, stored.rgb) << name;
  }
  EXPECT_TRUE(profile_of_code_points(1, 13).empty());
  EXPECT_TRUE(profile_of_gamma(kSrgbPrimaries, 2.2).empty());
}

TEST(ImageColor, LeavesADamagedProfileOutOfAccountAndSaysSo) {
  Image image = adobe();
  image.icc_profile.resize(image.icc_profile.size() / 2);
  const std::vector<std::uint8_t> stored = image.rgb;
  Image converted;
  const std::string said = logged([&] { converted = to_srgb(image, "photo.png"); });
  EXPECT_NE(said.find("photo.png: its colour profile is damaged"), std::string::npos) << said;
  EXPECT_EQ(converted.rgb, stored);
  image.icc_profile = load_image(golden("pixels/managed/cmyk.tif")).icc_profile;
  EXPECT_NE(logged([&] { converted = to_srgb(image, "photo.png"); }).find("another kind of values"),
            std::string::npos);
  EXPECT_EQ(converted.rgb, stored);
  image.icc_profile.clear();
  EXPECT_EQ(logged([&] { converted = to_srgb(image, "photo.png"); }), "");
}

TEST(ImageColor, ReducesLargePicturesFirst) {
  const Image image = adobe();
  const auto small = converted_to_srgb(image, "picture", 12);
  ASSERT_TRUE(small);
  EXPECT_EQ(small->width, 12);
  EXPECT_EQ(small->height, 8);
  const auto whole = converted_to_srgb(image, "picture", 24);
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->rgb, to_srgb(image, "picture").rgb);
}

TEST(ImageColor, KnowsCodePointsAndGammas) {
  EXPECT_TRUE(profile_of_code_points(2, 2).empty());   // not said
  EXPECT_TRUE(profile_of_code_points(9, 16).empty());  // PQ
  EXPECT_EQ(profile_space(profile_of_code_points(12, 13)), "RGB ");
  EXPECT_EQ(profile_space(profile_of_code_points(1, 8)), "RGB ");
  EXPECT_TRUE(profile_of_gamma({0.3, 0, 0.6, 0.3, 0.3, 0.6, 0.1, 0.1}, 1).empty());
  EXPECT_TRUE(profile_of_gamma(kSrgbPrimaries, 0.01).empty());
  EXPECT_EQ(profile_space({}), "");
}

}  // namespace
}  // namespace beholder::vision
