#include "io/memory_file.hpp"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "beholder/error.hpp"
#include "core/file.hpp"
#include "temporary_folder.hpp"

namespace beholder::io {
namespace {

ErrorCode code_of_open(const std::filesystem::path& path) {
  try {
    MappedFile::open(path);
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    return error.code();
  }
  return ErrorCode::kInternal;
}

TEST(MappedFile, ShowsTheBytes) {
  const TemporaryFolder folder;
  write_file_atomic(folder / "a", "hello");
  const MappedFile mapped = MappedFile::open(folder / "a");
  ASSERT_EQ(mapped.size(), 5u);
  EXPECT_EQ(std::string(mapped.data(), mapped.data() + 5), "hello");
}

TEST(MappedFile, AnEmptyFileIsNoBytes) {
  const TemporaryFolder folder;
  write_file_atomic(folder / "a", "");
  const MappedFile mapped = MappedFile::open(folder / "a");
  EXPECT_EQ(mapped.size(), 0u);
  EXPECT_EQ(mapped.data(), nullptr);
  mapped.advise_dontneed(0, 10);
}

TEST(MappedFile, RefusesWhatIsNoReadableFile) {
  const TemporaryFolder folder;
  EXPECT_EQ(code_of_open(folder / "missing"), ErrorCode::kFileNotFound);
  EXPECT_EQ(code_of_open(folder.path()), ErrorCode::kFileAccess);
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(code_of_open(folder / "pipe"), ErrorCode::kFileAccess);
}

TEST(MappedFile, MovesAndStaysValidAfterUnlink) {
  const TemporaryFolder folder;
  write_file_atomic(folder / "a", "first");
  write_file_atomic(folder / "b", "second");
  MappedFile first = MappedFile::open(folder / "a");
  MappedFile second = MappedFile::open(folder / "b");
  std::filesystem::remove(folder / "b");
  first = std::move(second);
  EXPECT_EQ(std::string(first.data(), first.data() + first.size()), "second");
  const MappedFile third(std::move(first));
  EXPECT_EQ(first.data(), nullptr);
  EXPECT_EQ(third.size(), 6u);
}

TEST(MappedFile, DropsOnlyWholePagesInsideTheRangeAndReadsThemAgain) {
  const TemporaryFolder folder;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  std::string content(5 * page + 100, '\0');
  for (std::size_t i = 0; i < content.size(); ++i)
    content[i] = static_cast<char>(i * 31 + i / page);
  write_file_atomic(folder / "a", content);
  const MappedFile mapped = MappedFile::open(folder / "a");
  const auto same = [&] {
    return std::string(mapped.data(), mapped.data() + mapped.size()) == content;
  };
  ASSERT_TRUE(same());
  mapped.advise_dontneed(1, 3 * page);
  EXPECT_TRUE(same());
  mapped.advise_dontneed(0, static_cast<std::size_t>(-1));
  EXPECT_TRUE(same());
  mapped.advise_dontneed(static_cast<std::size_t>(-1), static_cast<std::size_t>(-1));
  mapped.advise_willneed(page + 7, static_cast<std::size_t>(-1));
  EXPECT_TRUE(same());
}

}  // namespace
}  // namespace beholder::io
