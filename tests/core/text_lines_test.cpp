#include "core/text_lines.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder {
namespace {

using namespace std::string_literals;
using Lines = std::vector<std::string>;

/// @param piece bytes that the source gives at a time
Lines lines_of(const std::string& text, std::size_t piece = 1 << 16, LineOptions options = {}) {
  std::size_t at = 0;
  TextLines lines(
      [&](char* to, std::size_t most) {
        const std::size_t size = std::min({most, piece, text.size() - at});
        text.copy(to, size, at);
        at += size;
        return size;
      },
      "list", options);
  Lines out;
  for (std::string line; lines.next(line);) out.push_back(line);
  EXPECT_EQ(lines.number(), out.size());
  return out;
}

std::string utf16(const std::u16string& text, bool little) {
  std::string out;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 255), high = static_cast<char>(unit >> 8);
    out += little ? low : high;
    out += little ? high : low;
  }
  return out;
}

TEST(TextLines, EndsOfAllSystemsHoweverTheBytesCome) {
  const Lines wanted = {"a", "", "b c", "", "d"};
  for (const std::string& end : {"\n"s, "\r\n"s, "\r"s})
    for (const std::string& last : {""s, end}) {
      std::string text;
      for (const std::string& line : wanted) text += (text.empty() ? "" : end) + line;
      text = "a" + end + end + "b c" + end + end + "d" + last;
      for (const std::size_t piece : {1, 2, 3, 5, 4096})
        EXPECT_EQ(lines_of(text, piece), wanted) << piece << " " << end.size();
    }
  EXPECT_EQ(lines_of(""), Lines{});
  EXPECT_EQ(lines_of("\n"), Lines{""});
  EXPECT_EQ(lines_of("\r"), Lines{""});
  const std::string longer(200000, 'x');  // than what is read at a time
  EXPECT_EQ(lines_of(longer + "\r\ny"), (Lines{longer, "y"}));
}

TEST(TextLines, AByteOrderMarkIsNoPartOfALine) {
  const std::string mark = "\xEF\xBB\xBF";
  for (const std::size_t piece : {1, 2, 4096}) {
    EXPECT_EQ(lines_of(mark + "yes\nno", piece), (Lines{"yes", "no"}));
    EXPECT_EQ(lines_of(mark + "yes\n" + mark + "no", piece), (Lines{"yes", "no"}))
        << "joined files";
    EXPECT_EQ(lines_of(mark, piece), Lines{""});
  }
}

TEST(TextLines, Utf16WithItsMark) {
  const std::u16string text = u"\uFEFFCafé 猫\r\n\U0001F408?\r\n";
  for (const bool little : {true, false})
    for (const std::size_t piece : {1, 3, 4096})
      EXPECT_EQ(lines_of(utf16(text, little), piece), (Lines{"Café 猫", "\U0001F408?"}));
}

TEST(TextLines, WhatIsNoTextIsNamedWithItsLine) {
  const auto message = [](const std::string& text, ErrorCode code = ErrorCode::kDataFormat,
                          LineOptions options = {}) {
    const Error error = tests::error_of([&] { lines_of(text, 7, options); });
    EXPECT_EQ(error.code(), code);
    return std::string(error.what());
  };
  EXPECT_NE(message("a\nb\0c"s).find("list:2: holds a zero byte"), std::string::npos);
  EXPECT_NE(message("good\n\nbl\xE9t\n").find("list:3: not UTF-8 (byte 3"), std::string::npos);
  EXPECT_NE(message("\xFF\xFE\0\0a\0\0\0"s).find("UTF-32"), std::string::npos);
  EXPECT_NE(message("\xFF\xFE\x3D\xD8"s).find("within a character"), std::string::npos);
  EXPECT_NE(message("\xFF\xFE\x3D\xD8\x41\0"s).find("half a character"), std::string::npos);
  LineOptions names;
  names.any_bytes = true;
  names.code = ErrorCode::kUsage;
  names.hint = "use --null";
  EXPECT_EQ(lines_of("bl\xE9.jpg\n", 4096, names), Lines{"bl\xE9.jpg"});
  EXPECT_NE(message("a\0b\0"s, ErrorCode::kUsage, names).find("use --null"), std::string::npos);
}

TEST(TextLines, WhatSaysNothingIsLeftOut) {
  io::TemporaryFolder folder;
  tests::write_text(folder / "answers.txt", "\xEF\xBB\xBFyes \r\n\r\n \t\r\n\tno\r\n");
  EXPECT_EQ(read_text_lines(folder / "answers.txt"), (Lines{"yes", "no"}));
  EXPECT_EQ(tests::error_of([&] { read_text_lines(folder / "none"); }).code(),
            ErrorCode::kFileNotFound);
  EXPECT_EQ(tests::error_of([&] { read_text_lines(folder.path()); }).code(),
            ErrorCode::kFileAccess);
}

}  // namespace
}  // namespace beholder
