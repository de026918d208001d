// Headers that lie, files that are cut, bytes that are changed: a picture or an Error, nothing
// else.
#include <functional>
#include <random>
#include <stdexcept>

#include "vision/image_test_support.hpp"

namespace beholder::vision {
namespace {

Bytes picture(const std::string& name) { return read_file_bytes(golden("pictures/" + name)); }

std::size_t find(const Bytes& bytes, const std::string& what) {
  const std::size_t at = std::string(bytes.begin(), bytes.end()).find(what);
  if (at == std::string::npos) throw std::logic_error("the fixture has no " + what);
  return at;
}

void put(Bytes& bytes, std::size_t at, std::uint32_t value, int size, bool little) {
  for (int i = 0; i < size; ++i)
    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * (little ? i : size - 1 - i)));
}

// The value fields of the tags ImageWidth and ImageLength of a little-endian TIFF.
void put_tiff_size(Bytes& bytes, std::uint32_t side) {
  const std::size_t directory = bytes[4] | bytes[5] << 8 | bytes[6] << 16;
  for (int i = 0; i < bytes[directory]; ++i) {
    const std::size_t entry = directory + 2 + 12 * i;
    if (bytes[entry + 1] != 1 || bytes[entry] > 1) continue;  // 0x0100 and 0x0101
    put(bytes, entry + 2, 4, 2, true);                        // LONG
    put(bytes, entry + 8, side, 4, true);
  }
}

// `at`: of the IHDR chunk's data.
void put_png_size(Bytes& bytes, std::uint32_t side, std::size_t at = 16) {
  put(bytes, at, side, 4, false);
  put(bytes, at + 4, side, 4, false);
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = at - 4; i < at + 13; ++i) {
    crc ^= bytes[i];
    for (int k = 0; k < 8; ++k) crc = crc & 1 ? 0xEDB88320u ^ (crc >> 1) : crc >> 1;
  }
  put(bytes, at + 13, ~crc, 4, false);
}

struct Header {
  const char* name;
  std::uint32_t side;  ///< more than the cap allows when squared, and what the field can hold
  std::function<void(Bytes&, std::uint32_t)> resize;
};

std::vector<Header> headers() {
  const auto pair = [](std::size_t at, int size, bool little) {
    return [=](Bytes& b, std::uint32_t side) {
      put(b, at, side, size, little);
      put(b, at + size, side, size, little);
    };
  };
  return {
      {"rgb.jpg", 65535,
       [=](Bytes& b, std::uint32_t s) { pair(find(b, "\xFF\xC0") + 5, 2, false)(b, s); }},
      {"progressive.jpg", 65535,
       [=](Bytes& b, std::uint32_t s) { pair(find(b, "\xFF\xC2") + 5, 2, false)(b, s); }},
      {"rgba.png", 100000, [](Bytes& b, std::uint32_t s) { put_png_size(b, s); }},
      {"animated.gif", 65535, pair(6, 2, true)},
      {"rgb.bmp", 100000, pair(18, 4, true)},
      {"rgb.psd", 100000, pair(14, 4, false)},
      {"rgb.tga", 65535, pair(12, 2, true)},
      {"run_length.tga", 65535, pair(12, 2, true)},
      {"rgb.ppm", 100000,
       [](Bytes& b, std::uint32_t s) {
         const std::string text = "P6 " + std::to_string(s) + " " + std::to_string(s) + " 255\n";
         b.assign(text.begin(), text.end());
       }},
      {"animated.webp", 60000,
       [](Bytes& b, std::uint32_t s) {
         put(b, find(b, "VP8X") + 12, s - 1, 3, true);
         put(b, find(b, "VP8X") + 15, s - 1, 3, true);
       }},
      {"lzw.tif", 100000, put_tiff_size},
      {"chroma444.avif", 20000,
       [=](Bytes& b, std::uint32_t s) { pair(find(b, "ispe") + 8, 4, false)(b, s); }},
      {"../pixels/rle8.bmp", 100000, pair(18, 4, true)},
      {"../pixels/rgb_nir.tif", 100000, put_tiff_size},
      {"../pixels/cgbi_rgb.png", 100000,
       [](Bytes& b, std::uint32_t s) { put_png_size(b, s, 16 + 16); }},
      // SIZ: Xsiz and Ysiz (ISO/IEC 15444-1, A.5.1); one tile as large as that.
      {"../pixels/rgb.j2k", 100000,
       [=](Bytes& b, std::uint32_t s) {
         pair(find(b, "\xFF\x51") + 6, 4, false)(b, s);
         pair(find(b, "\xFF\x51") + 22, 4, false)(b, s);
       }},
      {"rgb.heic", 20000,
       [=](Bytes& b, std::uint32_t s) { pair(find(b, "ispe") + 8, 4, false)(b, s); }},
  };
}

TEST(ImageHostile, AHugeHeaderIsRefusedBeforeDecoding) {
  for (const Header& header : headers()) {
    SCOPED_TRACE(header.name);
    Bytes bytes = picture(header.name);
    header.resize(bytes, header.side);
    EXPECT_EQ(code_thrown([&] { decode_image(bytes.data(), bytes.size(), "bomb"); }, "bomb"),
              ErrorCode::kPictureTooLarge);
  }
}

TEST(ImageHostile, AnEmptyHeaderIsDamaged) {
  for (const Header& header : headers()) {
    if (header.name == std::string("animated.webp")) continue;  // holds the width less one
    SCOPED_TRACE(header.name);
    Bytes bytes = picture(header.name);
    header.resize(bytes, 0);
    // A JPEG may give its height after the scan (DNL), which is a kind that is not supported.
    const bool jpeg = std::string(header.name).find(".jpg") != std::string::npos;
    EXPECT_EQ(code_of(bytes), jpeg ? ErrorCode::kPictureFormat : ErrorCode::kPictureCorrupt);
  }
}

// stb_image itself gives no reason for it, or that of the picture before.
TEST(ImageHostile, AGifWithoutAPictureSaysSo) {
  Bytes bytes = picture("animated.gif");
  bytes.resize(10);
  bytes.insert(bytes.end(), {0, 0, 0});  // no colours
  bytes.insert(bytes.end(), 300, 0x3B);  // the end, over and over
  EXPECT_EQ(code_thrown([&] { decode(bytes); }, "(it ends before any picture)"),
            ErrorCode::kPictureCorrupt);
}

TEST(ImageHostile, AHuffmanTableOfTooManyCodesIsDamaged) {
  Bytes bytes = picture("rgb.jpg");
  const std::size_t table = find(bytes, "\xFF\xC4") + 4;
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(table) + 1, 16, 0xFF);
  EXPECT_EQ(code_thrown([&] { decode(bytes); }, "Huffman"), ErrorCode::kPictureCorrupt);
}

class ImageHostileFile : public testing::TestWithParam<GoldenPicture> {};

// What is cut off may have been of no use (a comment, a second frame); then the picture is whole.
TEST_P(ImageHostileFile, CutAnywhereIsAnErrorOrTheWholePicture) {
  const Bytes whole = read_file_bytes(golden(GetParam().name));
  const Image expected = decode(whole);
  std::size_t errors = 0;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
    try {
      ASSERT_EQ(decode(cut).rgb, expected.rgb) << "cut to " << size;
    } catch (const Error& error) {
      ASSERT_TRUE(error.code() == ErrorCode::kPictureCorrupt ||
                  error.code() == ErrorCode::kPictureFormat)
          << "cut to " << size << ": " << error.what();
      ++errors;
    }
  }
  EXPECT_GE(errors, whole.size() / 8);
}

TEST_P(ImageHostileFile, ChangedBytesGiveAPictureOrAnError) {
  const Bytes whole = read_file_bytes(golden(GetParam().name));
  std::mt19937 random(20260101);
  testing::internal::CaptureStderr();
  for (int round = 0; round < 400; ++round) {
    Bytes bytes = whole;
    // Half of the rounds hit the first bytes, where the headers are.
    const std::size_t reach = round % 2 ? bytes.size() : std::min<std::size_t>(bytes.size(), 128);
    for (std::size_t n = 1 + random() % 6; n > 0; --n)
      bytes[random() % reach] = static_cast<std::uint8_t>(random());
    if (round % 10 == 0) bytes.resize(1 + random() % bytes.size());
    try {
      const Image image = decode(bytes);
      ASSERT_GT(image.width, 0);
      ASSERT_GT(image.height, 0);
      ASSERT_EQ(image.rgb.size(), std::size_t{3} * image.width * image.height);
    } catch (const Error& error) {
      ASSERT_TRUE(error.code() == ErrorCode::kPictureCorrupt ||
                  error.code() == ErrorCode::kPictureFormat ||
                  error.code() == ErrorCode::kPictureTooLarge)
          << "round " << round << ": " << error.what();
    }
  }
  const std::string printed = testing::internal::GetCapturedStderr();
  // libde265, Debian's libjxl, and dav1d on a layer of alpha, cannot be kept from it.
  const bool silent = GetParam().name.find(".heic") == std::string::npos &&
                      GetParam().name.find(".jxl") == std::string::npos &&
                      GetParam().name.find("rgba.avif") == std::string::npos;
  EXPECT_TRUE(!silent || printed.empty()) << printed;
}

INSTANTIATE_TEST_SUITE_P(Pictures, ImageHostileFile, testing::ValuesIn(golden_pictures()),
                         golden_name);

}  // namespace
}  // namespace beholder::vision
