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
#include "beholder/log.hpp"
#include "core/file.hpp"
#include "vision/intake/image_decoder.hpp"

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
  std::string name;  ///< file in tests/golden
  int largest;       ///< allowed difference of a byte
  double mean;       ///< allowed mean difference
};

/// Those of folders with a cases.txt. @param folders in tests/golden
inline std::vector<GoldenPicture> golden_pictures(const std::vector<std::string>& folders = {
                                                      "pictures", "pixels"}) {
  std::vector<GoldenPicture> pictures;
  for (const std::string& folder : folders) {
    std::ifstream in(golden(folder + "/cases.txt"));
    for (GoldenPicture p; in >> p.name >> p.largest >> p.mean;) {
      p.name = folder + "/" + p.name;
      pictures.push_back(p);
    }
  }
  return pictures;
}

/// The name of a test of a picture.
inline std::string golden_name(const testing::TestParamInfo<GoldenPicture>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return c == '.' || c == '/'; }, '_');
  return name;
}

/// What the library's log says while `action` runs, a message a line.
template <typename Action>
std::string logged(const Action& action) {
  std::string messages;
  set_log_callback([&](LogLevel, const std::string& message) { messages += message + "\n"; });
  try {
    action();
  } catch (...) {
    set_log_callback({});
    throw;
  }
  set_log_callback({});
  return messages;
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
