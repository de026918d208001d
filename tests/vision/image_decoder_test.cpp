#include "vision/image_decoder.hpp"

#include <gtest/gtest.h>

#include <opencv2/imgcodecs.hpp>
#include <string>

#include "core/check.hpp"
#include "vision/image_processor.hpp"

namespace beholder::vision {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes encode(const char* extension) {
  cv::Mat picture(6, 8, CV_8UC3);
  for (int y = 0; y < 6; ++y)
    for (int x = 0; x < 8; ++x) picture.at<cv::Vec3b>(y, x) = cv::Vec3b(20 * y, 30 * x, 200);
  Bytes bytes;
  cv::imencode(extension, picture, bytes);
  return bytes;
}

Image decode(const Bytes& bytes, std::uint64_t cap = 1000) {
  return decode_image(bytes.data(), bytes.size(), "test picture", {cap});
}

ErrorCode code_of(const Bytes& bytes, std::uint64_t cap = 1000) {
  try {
    decode(bytes, cap);
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("test picture"), std::string::npos);
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

TEST(ImageDecoder, ReadsEveryEncodableFormatAndHoldsTheCap) {
  for (const char* extension : {".png", ".bmp", ".ppm", ".tiff", ".jpg", ".webp"}) {
    SCOPED_TRACE(extension);
    const Image image = decode(encode(extension));
    ASSERT_EQ(image.width, 8);
    ASSERT_EQ(image.height, 6);
    EXPECT_NEAR(image.rgb[3 * (5 * 8 + 7)], 200, 12);
    EXPECT_NEAR(image.rgb[3 * (5 * 8 + 7) + 2], 100, 24);
    EXPECT_EQ(code_of(encode(extension), 47), ErrorCode::kPictureTooLarge);
  }
}

TEST(ImageDecoder, EveryTruncationIsATypedError) {
  for (const char* extension : {".png", ".bmp", ".ppm", ".jpg", ".webp"}) {
    const Bytes whole = encode(extension);
    for (std::size_t size = 0; size < whole.size(); ++size) {
      SCOPED_TRACE(std::string(extension) + " cut to " + std::to_string(size));
      const ErrorCode code = code_of(Bytes(whole.begin(), whole.begin() + size));
      EXPECT_TRUE(code == ErrorCode::kPictureCorrupt || code == ErrorCode::kPictureFormat);
    }
  }
}

TEST(ImageDecoder, NamesWhatIsNotAPicture) {
  const std::string page = "<!DOCTYPE html><html>";
  try {
    decode(Bytes(page.begin(), page.end()));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kPictureFormat);
    EXPECT_NE(std::string(error.what()).find("a web page"), std::string::npos);
  }
}

}  // namespace
}  // namespace beholder::vision
