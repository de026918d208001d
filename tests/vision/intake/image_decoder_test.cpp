#include "vision/intake/image_decoder.hpp"

#include <unistd.h>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

#include "vision/image_test_support.hpp"
#include "vision/intake/image_format.hpp"

namespace beholder::vision {
namespace {

namespace fs = std::filesystem;

Bytes picture(const std::string& name) { return read_file_bytes(golden("pictures/" + name)); }

Bytes bytes_of(const std::string& text) { return Bytes(text.begin(), text.end()); }

class ImageFile : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("beholder image test " + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(ImageFile, ReadsNamesWithSpacesAndAccents) {
  for (const char* name :
       {"zwei Wörter.png", "фото ☂ 写真.png", "no extension", "wrong.jpg", "-x"}) {
    fs::copy_file(golden("pictures/rgba.png"), folder_ / name);
    EXPECT_EQ(load_image(folder_ / name).rgb, load_image(golden("pictures/rgba.png")).rgb) << name;
  }
}

TEST_F(ImageFile, NamesTheFileThatCannotBeRead) {
  const auto load = [&](const char* name) { return [=] { load_image(folder_ / name); }; };
  EXPECT_EQ(code_thrown(load("missing é.png"), "missing é.png"), ErrorCode::kFileNotFound);
  EXPECT_EQ(code_thrown([&] { load_image(folder_); }, "directory"), ErrorCode::kFileAccess);
  std::ofstream(folder_ / "empty.jpg").flush();
  EXPECT_EQ(code_thrown(load("empty.jpg"), "empty.jpg: is empty"), ErrorCode::kPictureCorrupt);
}

TEST(ImageDecoder, NamesWhatIsNotAPicture) {
  using namespace std::string_literals;
  const std::pair<std::string, const char*> cases[] = {
      {"<!DOCTYPE html><html>", "a web page"},
      {"<?xml version=\"1.0\"?><svg/>", "an SVG drawing"},
      {"%PDF-1.7\n", "a PDF document"},
      {"PK\3\4"s, "a zip archive"},
      {"\x1F\x8B\b"s, "a gzip archive"},
      {"\0\0\0\x18"s + "ftypisom"s + "\0\0\0\0mp42"s, "a video"},
      {"question,answer\n", "text"},
      {"\0\1\2\3"s, "of an unknown kind"},
      {"x", "text"},
  };
  for (const auto& [content, kind] : cases)
    EXPECT_EQ(code_thrown([&] { decode(bytes_of(content)); }, kind), ErrorCode::kPictureFormat);
  EXPECT_EQ(code_thrown([] { decode_image(nullptr, 0, "nothing"); }, "nothing"),
            ErrorCode::kPictureCorrupt);
}

TEST(ImageDecoder, FindsTheFormatWhateverTheNameSays) {
  const std::pair<const char*, ImageFormat> cases[] = {
      {"rgb.jpg", ImageFormat::kJpeg},     {"rgba.png", ImageFormat::kPng},
      {"animated.gif", ImageFormat::kGif}, {"rgb.bmp", ImageFormat::kBmp},
      {"rgb.tga", ImageFormat::kTga},      {"palette.tga", ImageFormat::kTga},
      {"rgb.psd", ImageFormat::kPsd},      {"grey.pgm", ImageFormat::kPnm},
      {"lossy.webp", ImageFormat::kWebp},  {"turned_big.tif", ImageFormat::kTiff},
      {"rgba.avif", ImageFormat::kHeif},   {"rgb.heic", ImageFormat::kHeif},
  };
  for (const auto& [name, format] : cases) {
    const Bytes bytes = picture(name);
    EXPECT_STREQ(format_name(detect_format(bytes.data(), bytes.size())), format_name(format));
  }
}

TEST(ImageDecoder, ScalesPnmByItsMaxval) {
  EXPECT_EQ(decode(bytes_of("P5 # grey\n2 1\n# two\n3\n\1\3")).rgb,
            (Bytes{85, 85, 85, 255, 255, 255}));
  EXPECT_EQ(decode(bytes_of("P6 1 1 1023\n\3\xFF\2\1\1\1")).rgb, (Bytes{255, 128, 64}));
  EXPECT_EQ(code_of(bytes_of("P3 1 1 255\n1 2 3\n")), ErrorCode::kPictureFormat);
  for (const char* damaged :
       {"P5 2 1 3\n\1", "P5 2 x 3\n\1\1", "P5 2 1 0\n\1\1", "P5 2 1 65536\n\1\1",
        "P5 99999999999 1 255\n\1", "P5 2 1 3", "P6 ", "P5 0 1 255\n"})
    EXPECT_EQ(code_of(bytes_of(damaged)), ErrorCode::kPictureCorrupt) << damaged;
}

// Cuts the last scan of a JPEG in half and puts the end marker behind it.
Bytes with_half_a_scan(Bytes jpeg) {
  std::size_t scan = jpeg.size() - 2;
  while (!(jpeg[scan - 1] == 0xFF && jpeg[scan] == 0xDA)) --scan;
  jpeg.resize(scan + (jpeg.size() - scan) / 2);
  if (jpeg.back() == 0xFF) jpeg.pop_back();
  jpeg.insert(jpeg.end(), {0xFF, 0xD9});
  return jpeg;
}

// An end marker does not make a scan whole: a transfer that was cut and closed neatly is damaged.
TEST(ImageDecoder, RefusesAJpegWhoseScanIsShort) {
  std::vector<Bytes> wholes;
  for (const char* name :
       {"rgb.jpg", "subsampled.jpg", "grey.jpg", "cmyk.jpg", "cmyk_unmarked.jpg"})
    wholes.push_back(picture(name));
  cv::Mat noise(64, 64, CV_8UC3);
  cv::randu(noise, 0, 256);
  for (const int progressive : {0, 1})
    for (const int interval : {0, 5}) {
      wholes.emplace_back();
      cv::imencode(
          ".jpg", noise, wholes.back(),
          {cv::IMWRITE_JPEG_PROGRESSIVE, progressive, cv::IMWRITE_JPEG_RST_INTERVAL, interval});
    }
  for (const Bytes& whole : wholes) {
    SCOPED_TRACE(whole.size());
    ASSERT_NO_THROW(decode(whole));
    EXPECT_EQ(code_thrown([&] { decode(with_half_a_scan(whole)); }, "scan ends too early"),
              ErrorCode::kPictureCorrupt);
  }
}

TEST(ImageDecoder, TakesAJpegWithMoreThanItNeeds) {
  const Bytes whole = picture("rgb.jpg");
  const Image expected = decode(whole);
  for (const Bytes& extra : {Bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, Bytes{0xFF, 0xFF},
                             Bytes{0xFF, 0xFE, 0, 4, 'h', 'i'}}) {
    Bytes longer = whole;
    longer.insert(longer.end() - 2, extra.begin(), extra.end());
    EXPECT_EQ(decode(longer).rgb, expected.rgb);
  }
  Bytes followed = whole;
  followed.insert(followed.end(), 3000, 'x');
  EXPECT_EQ(decode(followed).rgb, expected.rgb);
}

std::vector<Bytes> whole_jpegs() {
  std::vector<Bytes> out;
  for (const char* name : {"rgb.jpg", "subsampled.jpg", "grey.jpg", "cmyk.jpg", "cmyk_unmarked.jpg",
                           "progressive.jpg", "restart.jpg"})
    out.push_back(picture(name));
  cv::Mat noise(64, 64, CV_8UC3);
  cv::randu(noise, 0, 256);
  for (const int progressive : {0, 1})
    for (const int interval : {0, 5}) {
      out.emplace_back();
      cv::imencode(
          ".jpg", noise, out.back(),
          {cv::IMWRITE_JPEG_PROGRESSIVE, progressive, cv::IMWRITE_JPEG_RST_INTERVAL, interval});
    }
  return out;
}

Bytes without_end(Bytes jpeg) {
  EXPECT_EQ(jpeg.back(), 0xD9);
  jpeg.resize(jpeg.size() - 2);
  return jpeg;
}

TEST(ImageDecoder, ReadsAWholeJpegWithoutItsEndMarkerAndSaysSo) {
  for (const Bytes& whole : whole_jpegs()) {
    SCOPED_TRACE(whole.size());
    const Image expected = decode(whole);
    for (const Bytes& tail : {Bytes{}, Bytes{0}, Bytes(5000, 0), Bytes{0xFF, 0xE1, 0xFF},
                              Bytes{0xFF, 0xE1, 0xFF, 0xFF, 'x'}}) {
      SCOPED_TRACE(tail.size());
      Bytes ended = without_end(whole);
      ended.insert(ended.end(), tail.begin(), tail.end());
      Image image;
      EXPECT_NE(logged([&] { image = decode(ended); }).find("no end marker"), std::string::npos);
      EXPECT_EQ(image.rgb, expected.rgb);
    }
  }
}

// Whatever is missing, be it one byte: what is left is not called whole.
TEST(ImageDecoder, RefusesAJpegThatIsCutWithinItsScans) {
  for (const Bytes& whole : whole_jpegs()) {
    SCOPED_TRACE(whole.size());
    const Image expected = decode(whole);
    const Bytes ended = without_end(whole);
    for (std::size_t size = 2; size < ended.size(); ++size) {
      Bytes cut(ended.begin(), ended.begin() + static_cast<std::ptrdiff_t>(size));
      try {
        EXPECT_EQ(decode(cut).rgb, expected.rgb) << size;
      } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::kPictureCorrupt);
      }
    }
    Bytes padded(ended.begin(), ended.begin() + static_cast<std::ptrdiff_t>(ended.size() * 3 / 4));
    padded.insert(padded.end(), 20000, 0);
    EXPECT_EQ(code_of(padded), ErrorCode::kPictureCorrupt);
  }
}

TEST(ImageDecoder, RefusesAJpegThatLacksRestartIntervals) {
  Bytes jpeg = picture("restart.jpg");
  std::size_t last = 0;
  for (std::size_t i = 0; i + 1 < jpeg.size(); ++i)
    if (jpeg[i] == 0xFF && jpeg[i + 1] >= 0xD0 && jpeg[i + 1] <= 0xD7) last = i;
  ASSERT_GT(last, 0u);
  jpeg.resize(last);
  EXPECT_EQ(code_of(jpeg), ErrorCode::kPictureCorrupt);
  jpeg.insert(jpeg.end(), {0xFF, 0xD9});
  EXPECT_EQ(code_of(jpeg), ErrorCode::kPictureCorrupt);
}

TEST(ImageDecoder, SaysWhichOfSeveralPicturesItReads) {
  const auto said = [](const char* name) { return logged([&] { load_image(golden(name)); }); };
  EXPECT_NE(said("pixels/two.mpo").find("holds 2 pictures; the first one is read"),
            std::string::npos);
  EXPECT_NE(said("pictures/pages.tif").find("2 pages; the first one is read"), std::string::npos);
  for (const char* one : {"pictures/rgb.jpg", "pictures/lzw.tif", "pixels/preview_first.tif",
                          "pixels/preview_subifd.tif"})
    EXPECT_EQ(said(one), "") << one;
}

TEST(ImageDecoder, RefusesByNameWhatHasNoBrightness) {
  const std::pair<const char*, const char*> cases[] = {
      {"float.tif", "floating-point"},  {"signed16.tif", "signed"},
      {"signed8.tif", "signed"},        {"uint32.tif", "32-bit"},
      {"other_inks.tif", "other inks"}, {"camera_raw.tif", "raw picture"},
  };
  for (const auto& [name, reason] : cases)
    EXPECT_EQ(
        code_thrown([&] { load_image(golden(std::string("pixels/refused/") + name)); }, reason),
        ErrorCode::kPictureFormat);
}

TEST(ImageDecoder, PlacesTheFirstFrameOfAnAnimation) {
  Bytes bytes = picture("animated.webp");
  const std::string text(bytes.begin(), bytes.end());
  const std::size_t canvas = text.find("VP8X") + 12, frame = text.find("ANMF") + 8;
  bytes[canvas] += 5;      // width - 1
  bytes[canvas + 3] += 3;  // height - 1
  bytes[frame] = 2;        // left / 2
  bytes[frame + 3] = 1;    // top / 2
  const Image placed = decode(bytes), whole = decode(picture("animated.webp"));
  ASSERT_EQ(placed.width, 29);
  ASSERT_EQ(placed.height, 19);
  for (int y = 0; y < 19; ++y)
    for (int x = 0; x < 29; ++x)
      for (int c = 0; c < 3; ++c) {
        const bool inside = x >= 4 && x < 28 && y >= 2 && y < 18;
        ASSERT_EQ(placed.rgb[(y * 29 + x) * 3 + c],
                  inside ? whole.rgb[((y - 2) * 24 + x - 4) * 3 + c] : 255);
      }
  bytes[frame] = 3;  // one step further, and the frame leaves the picture
  EXPECT_EQ(code_of(bytes), ErrorCode::kPictureCorrupt);
}

}  // namespace
}  // namespace beholder::vision
