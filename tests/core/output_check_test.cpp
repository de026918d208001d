#include "core/output_check.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder {
namespace {

namespace fs = std::filesystem;
using tests::error_of;
using tests::write_text;

TEST(OutputCheck, AnInputIsNeverAnOutputUnderAnyName) {
  const io::TemporaryFolder folder;
  write_text(folder / "in.jpg", "picture");
  fs::create_directory(folder / "model");
  write_text(folder / "model/config.json", "{}");
  fs::create_symlink(folder / "in.jpg", folder / "link.jpg");
  fs::create_hard_link(folder / "in.jpg", folder / "hard.jpg");
  fs::create_directory_symlink(folder.path(), folder / "again");
  for (const char* name : {"in.jpg", "./in.jpg", "model/../in.jpg", "link.jpg", "hard.jpg",
                           "again/in.jpg", "model/config.json"}) {
    const Error error = error_of([&] {
      check_output_file(folder / name, {folder / "in.jpg", folder / "model"}, true);
    });
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << name;
    EXPECT_NE(std::string(error.what()).find("is read as"), std::string::npos) << error.what();
  }
}

TEST(OutputCheck, WhatIsThereIsReplacedOnlyWhenAsked) {
  const io::TemporaryFolder folder;
  write_text(folder / "there.png", "mine");
  const Error error = error_of([&] { check_output_file(folder / "there.png", {}, false); });
  EXPECT_EQ(error.code(), ErrorCode::kUsage);
  EXPECT_NE(std::string(error.what()).find("--force"), std::string::npos);
  check_output_file(folder / "there.png", {}, true);
  write_text(folder / "empty.png", "");
  check_output_file(folder / "empty.png", {}, false);
  check_output_file(folder / "new.png", {folder / "missing.png"}, false);
}

TEST(OutputCheck, WhatIsNoFileIsRefused) {
  const io::TemporaryFolder folder;
  const auto code = [&](const fs::path& name) {
    return error_of([&] { check_output_file(name, {}, true); }).code();
  };
  EXPECT_EQ(code(""), ErrorCode::kUsage);
  EXPECT_EQ(code("-"), ErrorCode::kUsage);
  EXPECT_EQ(code(folder.path()), ErrorCode::kUsage);
  EXPECT_EQ(code("/dev/null"), ErrorCode::kUsage);
  EXPECT_EQ(code(folder / "no/such/out.png"), ErrorCode::kFileNotFound);
}

TEST(OutputCheck, FoldersAreNewOrEmptyAndNoInput) {
  const io::TemporaryFolder folder;
  fs::create_directory(folder / "model");
  write_text(folder / "model/config.json", "{}");
  write_text(folder / "file", "");
  fs::create_directory(folder / "empty");
  fs::create_directory_symlink(folder / "model", folder / "link");
  check_output_folder(folder / "new", {folder / "model"}, false);
  check_output_folder(folder / "empty", {folder / "model"}, false);
  check_output_folder(folder / "model", {}, true);
  const auto code = [&](const char* name, bool force) {
    return error_of([&] { check_output_folder(folder / name, {folder / "empty"}, force); }).code();
  };
  EXPECT_EQ(code("model", false), ErrorCode::kUsage);
  EXPECT_EQ(code("link", false), ErrorCode::kUsage);
  EXPECT_EQ(code("file", true), ErrorCode::kUsage);
  EXPECT_EQ(code("empty", true), ErrorCode::kUsage) << "it is an input";
}

}  // namespace
}  // namespace beholder
