// What the tests of the picture intake share: golden files, decoding, codes of what is thrown.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "beholder/error.hpp"
#include "core/file.hpp"
#include "vision/image_decoder.hpp"

namespace beholder::vision {

using Bytes = std::vector<std::uint8_t>;

inline std::filesystem::path golden(const std::string& name) {
  return std::filesystem::path(BEHOLDER_SOURCE_DIR) / "tests/golden" / name;
}

inline Image decode(const Bytes& bytes, std::uint64_t cap = 100000) {
  return decode_image(bytes.data(), bytes.size(), "test picture", {cap});
}

/// The code of what `action` throws; a failure of the test when it throws nothing or no Error.
template <typename Action>
ErrorCode code_thrown(const Action& action, const std::string& in_message = {}) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(in_message), std::string::npos) << error.what();
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::kInternal;
}

inline ErrorCode code_of(const Bytes& bytes, std::uint64_t cap = 100000) {
  return code_thrown([&] { decode(bytes, cap); }, "test picture");
}

struct GoldenPicture {
  std::string name;  ///< file in tests/golden/pictures
  int largest;       ///< allowed difference of a byte
  double mean;       ///< allowed mean difference
};

inline std::vector<GoldenPicture> golden_pictures() {
  std::ifstream in(golden("pictures/cases.txt"));
  std::vector<GoldenPicture> pictures;
  for (GoldenPicture p; in >> p.name >> p.largest >> p.mean;) pictures.push_back(p);
  return pictures;
}

inline void expect_near(const Image& image, const Image& expected, int largest, double mean) {
  ASSERT_EQ(image.width, expected.width);
  ASSERT_EQ(image.height, expected.height);
  ASSERT_EQ(image.rgb.size(), expected.rgb.size());
  int worst = 0;
  double sum = 0;
  for (std::size_t i = 0; i < image.rgb.size(); ++i) {
    const int difference = std::abs(int{image.rgb[i]} - int{expected.rgb[i]});
    worst = std::max(worst, difference);
    sum += difference;
  }
  EXPECT_LE(worst, largest);
  EXPECT_LE(sum / static_cast<double>(image.rgb.size()), mean);
}

}  // namespace beholder::vision
