#include "core/file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "beholder/error.hpp"

namespace beholder {
namespace {
namespace fs = std::filesystem;

class FileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("beholder-file-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(FileTest, WritesAndReadsBackBytesWithZerosAndAccents) {
  const fs::path path = folder_ / "une été à la plage.bin";
  const std::string content("a\0b\xff", 4);
  write_file_atomic(path, content);
  EXPECT_EQ(read_file_text(path), content);
  write_file_atomic(path, "shorter");
  EXPECT_EQ(read_file_text(path), "shorter");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(FileTest, MissingFileAndDirectoryAreNamed) {
  try {
    read_file_bytes(folder_ / "absent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFileNotFound);
    EXPECT_NE(std::string(error.what()).find("absent"), std::string::npos);
  }
  try {
    read_file_bytes(folder_);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFileAccess);
  }
}

TEST_F(FileTest, FailedWriteLeavesTheOldContentAndNoTemporary) {
  const fs::path path = folder_ / "is-a-folder";
  fs::create_directories(path / "inside");
  EXPECT_THROW(write_file_atomic(path, "x"), Error);
  EXPECT_TRUE(fs::is_directory(path));
  EXPECT_FALSE(fs::exists(temporary_sibling(path)));
  EXPECT_THROW(write_file_atomic(folder_ / "no" / "folder", "x"), Error);
}

TEST(ErrorTest, ExitCodes) {
  EXPECT_EQ(Error(ErrorCode::kUsage, "").exit_code(), 2);
  EXPECT_EQ(Error(ErrorCode::kCancelled, "").exit_code(), 130);
  EXPECT_EQ(Error(ErrorCode::kPictureCorrupt, "").exit_code(), 1);
  EXPECT_STREQ(error_code_name(ErrorCode::kPictureCorrupt), "picture_corrupt");
}

}  // namespace
}  // namespace beholder
