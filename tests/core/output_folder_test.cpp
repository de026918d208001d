#include "core/output_folder.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder {
namespace {

namespace fs = std::filesystem;
using tests::read_text;
using tests::write_text;

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST(OutputFolder, AppearsWholeOrNotAtAll) {
  const io::TemporaryFolder folder;
  const fs::path wanted = folder / "deep/er/model/";
  try {
    OutputFolder out(wanted);
    write_text(out.temporary() / "config.json", "{}");
    EXPECT_FALSE(fs::exists(wanted));
    throw Error(ErrorCode::kFileAccess, "the disk is full");
  } catch (const Error&) {
  }
  EXPECT_EQ(entries(folder.path()), 0u) << "what failed leaves nothing";
  OutputFolder out(wanted);
  write_text(out.temporary() / "config.json", "{}");
  out.publish();
  EXPECT_EQ(read_text(wanted / "config.json"), "{}");
  EXPECT_EQ(entries(folder / "deep/er/model"), 1u);
}

TEST(OutputFolder, ReplacesFilesByRenamesAndKeepsTheOthers) {
  const io::TemporaryFolder folder;
  fs::create_directory(folder / "model");
  write_text(folder / "model/weights", "old");
  write_text(folder / "model/CARD.md", "card");
  std::ifstream open(folder / "model/weights");  // as a program that has it mapped
  {
    OutputFolder out(folder / "model");
    write_text(out.temporary() / "weights", "new");
    out.publish();
  }
  std::string old;
  open >> old;
  EXPECT_EQ(old, "old");
  EXPECT_EQ(read_text(folder / "model/weights"), "new");
  EXPECT_EQ(read_text(folder / "model/CARD.md"), "card");
  EXPECT_EQ(entries(folder.path()), 1u);
}

TEST(OutputFolder, OfALinkTheFolderBehindItIsWritten) {
  const io::TemporaryFolder folder;
  fs::create_directory(folder / "real");
  fs::create_directory_symlink(folder / "real", folder / "link");
  OutputFolder out(folder / "link");
  write_text(out.temporary() / "a", "b");
  out.publish();
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_text(folder / "real/a"), "b");
}

TEST(OutputFolder, SaysWhereItCannotBe) {
  const io::TemporaryFolder folder;
  write_text(folder / "file", "");
  EXPECT_THROW(OutputFolder(folder / "file/model"), Error);
}

}  // namespace
}  // namespace beholder
