#include "vision/intake/image_writer.hpp"

#include <gtest/gtest.h>

#include "vision/image_test_support.hpp"
#include "io/temporary_folder.hpp"
#include "vision/intake/image_format.hpp"

namespace beholder::vision {
namespace {

Image slopes() {
  Image out;
  out.width = 48;
  out.height = 32;
  for (int y = 0; y < out.height; ++y)
    for (int x = 0; x < out.width; ++x)
      for (const int value : {5 * x, 7 * y, 3 * (x + y)})
        out.rgb.push_back(static_cast<std::uint8_t>(value));
  return out;
}

TEST(ImageWriter, TheNameSaysTheFormat) {
  const io::TemporaryFolder folder;
  const Image image = slopes();
  for (const auto& [name, format, largest, mean] :
       std::vector<std::tuple<const char*, ImageFormat, int, double>>{
           {"a.png", ImageFormat::kPng, 0, 0},
           {"a.JPG", ImageFormat::kJpeg, 24, 3},
           {"a.jpeg", ImageFormat::kJpeg, 24, 3},
           {"a.webp", ImageFormat::kWebp, 60, 8}}) {
    write_image(folder / name, image);
    const Bytes bytes = read_file_bytes(folder / name);
    EXPECT_EQ(detect_format(bytes.data(), bytes.size()), format) << name;
    expect_near(decode(bytes), image, largest, mean);
  }
}

TEST(ImageWriter, OtherNamesAreRefusedSayingWhichAreWritten) {
  const io::TemporaryFolder folder;
  for (const char* name : {"a", "a.gif", "png", ".png", "a.png.txt", "a.tiff"}) {
    EXPECT_EQ(code_thrown([&] { write_image(folder / name, slopes()); }, ".webp"),
              ErrorCode::kUsage);
    EXPECT_FALSE(std::filesystem::exists(folder / name)) << name;
  }
}

}  // namespace
}  // namespace beholder::vision
