#include "batch/journal.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "batch/batch_support.hpp"

namespace beholder::batch {
namespace {

std::vector<std::string> rows_in(const fs::path& path) {
  std::vector<std::string> out;
  read_journal(path, [&](const Json& row, std::uint64_t) { out.push_back(row.dump()); });
  return out;
}

Json row(int i) { return {{"number", i}, {"text", "row\n\"" + std::to_string(i) + "\""}}; }

const auto ignore = [](const Json&, std::uint64_t) {};

TEST(Journal, GivesBackWhatWasAppended) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "a.journal";
  std::vector<std::uint64_t> offsets;
  {
    Journal journal(path, ignore);
    for (int i = 0; i < 200; ++i) offsets.push_back(journal.append(row(i)));
    for (int i = 0; i < 200; ++i) EXPECT_EQ(journal.read(offsets[i]), row(i));
  }
  std::vector<std::uint64_t> found;
  Journal again(path, [&](const Json& json, std::uint64_t offset) {
    EXPECT_EQ(json, row(static_cast<int>(found.size())));
    found.push_back(offset);
  });
  EXPECT_EQ(found, offsets);
  EXPECT_EQ(again.repaired(), 0u);
  EXPECT_EQ(JournalReader(path).read(offsets[7]), row(7));
  EXPECT_EQ(error_of([&] { JournalReader(path).read(offsets[7] + 1); }).code(),
            ErrorCode::kDataFormat);
}

// A crash can cut the file anywhere in its last rows.
TEST(Journal, ATornTailIsRepairedAtEveryByte) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "a.journal";
  std::vector<std::uint64_t> ends;
  {
    Journal journal(path, ignore);
    for (int i = 0; i < 6; ++i) {
      journal.append(row(i));
      ends.push_back(fs::file_size(path));
    }
  }
  const std::string whole = read_text(path);
  for (std::size_t size = ends[2]; size < whole.size(); ++size) {
    write_text(path, whole.substr(0, size));
    std::size_t kept = 0;
    while (ends[kept] <= size) ++kept;
    {
      std::size_t count = 0;
      Journal journal(path, [&](const Json&, std::uint64_t) { ++count; });
      ASSERT_EQ(count, kept) << "cut at " << size;
      ASSERT_EQ(journal.repaired(), size - ends[kept - 1]);
      for (std::size_t i = kept; i < 6; ++i) journal.append(row(static_cast<int>(i)));
    }
    ASSERT_EQ(read_text(path), whole) << "cut at " << size;
  }
}

TEST(Journal, ATornFirstRowIsRepaired) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "a.journal";
  { Journal(path, ignore).append(row(0)); }
  const std::string whole = read_text(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    write_text(path, whole.substr(0, size));
    Journal(path, ignore).append(row(0));
    ASSERT_EQ(read_text(path), whole) << "cut at " << size;
  }
}

// A power cut can leave zeros where the tail should be.
TEST(Journal, ATailOfZerosIsRepaired) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "a.journal";
  { Journal(path, ignore).append(row(0)); }
  const std::string whole = read_text(path);
  write_text(path, whole + std::string(5000, '\0'));
  EXPECT_EQ(Journal(path, ignore).repaired(), 5000u);
  EXPECT_EQ(read_text(path), whole);
}

TEST(Journal, DamageBeforeWholeRowsIsAnErrorAndChangesNothing) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "a.journal";
  {
    Journal journal(path, ignore);
    for (int i = 0; i < 4; ++i) journal.append(row(i));
  }
  std::string text = read_text(path);
  const std::size_t second = text.find('\n') + 1;
  for (const std::size_t at : {second, second + 12, second + 30}) {
    std::string damaged = text;
    damaged[at] ^= 1;
    write_text(path, damaged);
    const Error error = error_of([&] { Journal(path, ignore); });
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
    EXPECT_NE(std::string(error.what()).find("line 2"), std::string::npos) << error.what();
    EXPECT_EQ(read_text(path), damaged);
  }
}

TEST(Journal, IsNotMadeOfAnotherFile) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "letter.txt";
  write_text(path, "Dear all,\nthis is no journal.\n");
  EXPECT_EQ(error_of([&] { Journal(path, ignore); }).code(), ErrorCode::kDataFormat);
  EXPECT_EQ(read_text(path), "Dear all,\nthis is no journal.\n");
  write_text(path, "no line end");
  EXPECT_EQ(error_of([&] { Journal(path, ignore); }).code(), ErrorCode::kDataFormat);
  EXPECT_EQ(read_text(path), "no line end");
  EXPECT_EQ(error_of([&] { rows_in(folder / "none"); }).code(), ErrorCode::kFileNotFound);
  EXPECT_EQ(error_of([&] { Journal(folder / "no/folder", ignore); }).code(),
            ErrorCode::kFileAccess);
}

TEST(Journal, HasOneWriter) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "a.journal";
  {
    const Journal first(path, ignore);
    const Error error = error_of([&] { Journal(path, ignore); });
    EXPECT_EQ(error.code(), ErrorCode::kFileAccess);
    EXPECT_NE(std::string(error.what()).find("another run"), std::string::npos);
  }
  EXPECT_NO_THROW(Journal(path, ignore));
}

}  // namespace
}  // namespace beholder::batch
