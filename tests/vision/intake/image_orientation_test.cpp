#include "vision/intake/image_orientation.hpp"

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "vision/image_test_support.hpp"

namespace beholder::vision {
namespace {

void put(Bytes& out, std::uint64_t value, int bytes, bool little) {
  for (int i = 0; i < bytes; ++i)
    out.push_back(static_cast<std::uint8_t>(value >> (8 * (little ? i : bytes - 1 - i))));
}

// A TIFF structure with the one tag, classic or big, as EXIF is.
Bytes exif(int orientation, bool little, bool big = false, int type = 3) {
  Bytes tiff(2, little ? 'I' : 'M');
  put(tiff, big ? 43 : 42, 2, little);
  if (big) {
    put(tiff, 8, 2, little);
    put(tiff, 0, 2, little);
  }
  put(tiff, big ? 16 : 8, big ? 8 : 4, little);
  put(tiff, 1, big ? 8 : 2, little);
  put(tiff, 0x0112, 2, little);
  put(tiff, static_cast<std::uint64_t>(type), 2, little);
  put(tiff, 1, big ? 8 : 4, little);
  put(tiff, static_cast<std::uint64_t>(orientation), 2, little);
  tiff.resize(tiff.size() + (big ? 6 : 2) + 4);
  return tiff;
}

// A 32x16 JPEG of four flat blocks, red and green over blue and white, with an EXIF segment.
Bytes jpeg(int orientation, bool little) {
  cv::Mat picture(16, 32, CV_8UC3);
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 32; ++x)
      picture.at<cv::Vec3b>(y, x) =
          y < 8 ? (x < 16 ? cv::Vec3b(0, 0, 255) : cv::Vec3b(0, 255, 0))
                : (x < 16 ? cv::Vec3b(255, 0, 0) : cv::Vec3b(255, 255, 255));
  Bytes bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, 100});
  const Bytes tags = exif(orientation, little);
  Bytes segment{0xFF, 0xE1};
  put(segment, 2 + 6 + tags.size(), 2, false);
  for (const char c : {'E', 'x', 'i', 'f', '\0', '\0'})
    segment.push_back(static_cast<std::uint8_t>(c));
  segment.insert(segment.end(), tags.begin(), tags.end());
  bytes.insert(bytes.begin() + 2, segment.begin(), segment.end());
  return bytes;
}

// The colours of the corners from left to right, the upper row first: R, G, B or W.
std::string corners(const Image& image) {
  std::string names;
  for (const int y : {1, image.height - 2})
    for (const int x : {1, image.width - 2}) {
      const std::uint8_t* p = image.rgb.data() + (y * image.width + x) * 3;
      const bool r = p[0] > 128, g = p[1] > 128, b = p[2] > 128;
      names += r && g && b ? 'W' : r ? 'R' : g ? 'G' : b ? 'B' : '?';
    }
  return names;
}

TEST(ImageOrientation, TurnsAllEightUpright) {
  // EXIF 2.3, table 4: where the stored row 0 and column 0 lie in the upright picture.
  const char* expected[] = {"RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"};
  for (int orientation = 1; orientation <= 8; ++orientation)
    for (const bool little : {false, true}) {
      SCOPED_TRACE(orientation);
      const Image image = decode(jpeg(orientation, little));
      EXPECT_EQ(image.width, orientation < 5 ? 32 : 16);
      EXPECT_EQ(image.height, orientation < 5 ? 16 : 32);
      EXPECT_EQ(corners(image), expected[orientation - 1]);
    }
}

TEST(ImageOrientation, TakesADamagedTagForUpright) {
  for (const int orientation : {0, 9, 65535})
    EXPECT_EQ(corners(decode(jpeg(orientation, true))), "RGBW");
  const Bytes wrong_type = exif(6, true, false, 2);
  EXPECT_FALSE(tiff_orientation(wrong_type.data(), wrong_type.size()));
  for (const bool big : {false, true}) {
    const Bytes whole = exif(6, false, big);
    EXPECT_EQ(tiff_orientation(whole.data(), whole.size()), 6);
    const std::size_t entry_end = whole.size() - 4;
    for (std::size_t size = 0; size < entry_end; ++size) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      EXPECT_FALSE(tiff_orientation(cut.data(), cut.size())) << size;
    }
    Bytes far = whole;
    std::fill_n(far.begin() + (big ? 8 : 4), big ? 8 : 4, 0xFF);
    EXPECT_FALSE(tiff_orientation(far.data(), far.size()));
    Bytes many = whole;
    std::fill_n(many.begin() + (big ? 16 : 8), big ? 8 : 2, 0xFF);
    EXPECT_EQ(tiff_orientation(many.data(), many.size()), 6);
  }
}

TEST(ImageOrientation, ReadsTheTagInAnyIntegerType) {
  for (const int type : {3, 8, 4, 9})
    for (const bool big : {false, true}) {
      // Big-endian integers of four bytes keep their value at their end.
      const Bytes little = exif(6, true, big, type);
      EXPECT_EQ(tiff_orientation(little.data(), little.size()), 6) << type;
    }
  const Bytes eight = exif(6, true, true, 16);
  EXPECT_EQ(tiff_orientation(eight.data(), eight.size()), 6);
  const Bytes zero = exif(0, true);
  EXPECT_EQ(tiff_orientation(zero.data(), zero.size()), 1);
}

TEST(ImageOrientation, ReadsXmp) {
  EXPECT_EQ(xmp_orientation("<rdf:Description tiff:Orientation=\"6\" x=\"1\">"), 6);
  EXPECT_EQ(xmp_orientation("<tiff:Orientation>8</tiff:Orientation>"), 8);
  for (const char* none : {"", "tiff:Orientation=", "tiff:Orientation=\"", "tiff:Orientation=\"9\"",
                           "tiff:Orientation=\"0\"", "<tiff:Orientation>x"})
    EXPECT_EQ(xmp_orientation(none), 1) << none;
}

TEST(ImageOrientation, MovesEveryPixelWhereExifSays) {
  constexpr int w = 71, h = 45;  // more than one tile each way, none of them full at the end
  Image stored{w, h, {}};
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x)
      for (const int c : {x, y, (x + y) % 7}) stored.rgb.push_back(static_cast<std::uint8_t>(c));
  for (int orientation = 1; orientation <= 8; ++orientation) {
    const Image upright = apply_orientation(stored, orientation);
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        const int right = w - 1 - x, up = h - 1 - y;
        const std::pair<int, int> places[] = {{x, y}, {right, y}, {right, up}, {x, up},
                                              {y, x}, {up, x},    {up, right}, {y, right}};
        const auto [u, v] = places[orientation - 1];
        const std::uint8_t* p = upright.rgb.data() + (v * upright.width + u) * 3;
        ASSERT_TRUE(p[0] == x && p[1] == y && p[2] == (x + y) % 7)
            << orientation << " at " << x << ", " << y;
      }
  }
}

TEST(ImageOrientation, LeavesOtherValuesAlone) {
  const Image image{2, 1, {1, 2, 3, 4, 5, 6}};
  for (const int orientation : {-1, 0, 1, 9})
    EXPECT_EQ(apply_orientation(image, orientation).rgb, image.rgb);
  EXPECT_EQ(apply_orientation(image, 2).rgb, (Bytes{4, 5, 6, 1, 2, 3}));
  EXPECT_EQ(apply_orientation(image, 6).width, 1);
}

}  // namespace
}  // namespace beholder::vision
