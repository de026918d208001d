#include "batch/output_file.hpp"

#include <gtest/gtest.h>

#include "batch/batch_support.hpp"

namespace beholder::batch {
namespace {

TEST(OutputFile, IsOneProcessAtATime) {
  io::TemporaryFolder folder;
  {
    OutputFile first(folder / "out");
    const Error error = error_of([&] { OutputFile second(folder / "out"); });
    EXPECT_EQ(error.code(), ErrorCode::kFileAccess);
    EXPECT_NE(std::string(error.what()).find("another run"), std::string::npos);
    write_text(first.temporary(), "whole");
    first.publish();
    EXPECT_EQ(read_text(folder / "out"), "whole");
    // The lock went with the name: the next one may begin.
    OutputFile third(folder / "out");
  }
  EXPECT_EQ(read_text(folder / "out"), "whole");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(OutputFile, UsesAgainWhatAKilledRunLeft) {
  io::TemporaryFolder folder;
  write_text(folder / "out.tmp", "half of something lon");
  OutputFile file(folder / "out");
  EXPECT_EQ(read_text(file.temporary()), "");
  write_text(file.temporary(), "new");
  file.publish();
  EXPECT_EQ(read_text(folder / "out"), "new");
  EXPECT_FALSE(fs::exists(folder / "out.tmp"));
}

TEST(OutputFile, RefusesAFolder) {
  io::TemporaryFolder folder;
  fs::create_directory(folder / "out");
  EXPECT_EQ(error_of([&] { OutputFile file(folder / "out"); }).code(), ErrorCode::kFileAccess);
  EXPECT_EQ(error_of([&] { OutputFile file(folder / "none" / "out"); }).code(),
            ErrorCode::kFileAccess);
}

}  // namespace
}  // namespace beholder::batch
