#include "batch/written_files.hpp"

#include <gtest/gtest.h>

#include "batch/batch_support.hpp"
#include "batch/merge.hpp"

namespace beholder::batch {
namespace {

class Written : public testing::Test {
 protected:
  WrittenFiles known() const { return WrittenFiles::of_journal(journal_); }

  /// What a batch does. @param killed after its note, before the file is in its place
  void publish(const std::string& text, bool killed = false, bool close = true) {
    WrittenFiles written = known();
    Journal journal(journal_, [](const Json&, std::uint64_t) {});
    const std::string before = fs::exists(output_) ? read_text(output_) : "";
    const bool there = fs::exists(output_);
    {
      OutputFile file(output_);
      write_text(file.temporary(), text);
      written.publish(file, output_, {written.state(output_), false, ""}, &journal);
    }
    if (killed && there) write_text(output_, before);
    if (killed && !there) fs::remove(output_);
    if (!killed && close) written.close(&journal);
  }

  bool refused() const {
    const Error error = error_of([&] { check_own_output(output_, known()); });
    if (error.code() == ErrorCode::kInternal) return false;
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << error.what();
    EXPECT_NE(std::string(error.what()).find("--existing overwrite"), std::string::npos);
    return true;
  }

  io::TemporaryFolder folder_;
  const fs::path output_ = folder_ / "out.jsonl";
  const fs::path journal_ = journal_of(output_);
};

TEST_F(Written, WhatNoBatchWroteIsRefused) {
  EXPECT_FALSE(refused());
  write_text(output_, "");
  EXPECT_FALSE(refused()) << "there is nothing to lose";
  write_text(output_, "mine");
  EXPECT_TRUE(refused());
  write_text(journal_, "");
  EXPECT_TRUE(refused()) << "an earlier version's journal does not know what was written";
}

TEST_F(Written, WhatWasChangedIsRefused) {
  publish("one\n");
  EXPECT_FALSE(refused());
  for (const char* edited : {"two\n", "one", "one\r\n", "\xEF\xBB\xBFone\n", "one\n\n"}) {
    write_text(output_, edited);
    EXPECT_TRUE(refused()) << edited;
  }
  write_text(output_, "one\n");
  EXPECT_FALSE(refused()) << "changed back";
  fs::remove(output_);
  EXPECT_FALSE(refused());
  EXPECT_EQ(known().state(output_), FileState::kNone);
  EXPECT_TRUE(known().knows(output_));
}

TEST_F(Written, OnlyTheLastOfSeveralIsOnesOwn) {
  publish("one\n");
  publish("two\n");
  EXPECT_FALSE(refused());
  write_text(output_, "one\n");
  EXPECT_TRUE(refused()) << "somebody put the earlier one back";
}

TEST_F(Written, AKilledRunLeavesWhatWasThere) {
  publish("one\n", true);
  EXPECT_FALSE(refused()) << "nothing is there yet";
  publish("one\n");
  publish("two\n", true);
  EXPECT_EQ(read_text(output_), "one\n");
  EXPECT_FALSE(refused());
  publish("two\n", false, false);
  EXPECT_FALSE(refused()) << "killed behind the file";
  write_text(output_, "mine\n");
  EXPECT_TRUE(refused());
  // Over what somebody wrote, as asked for: until it is replaced it is still theirs.
  publish("three\n", true);
  EXPECT_TRUE(refused());
  EXPECT_EQ(known().state(output_), FileState::kForeign);
}

TEST_F(Written, AFolderThatMovesStaysKnown) {
  publish("one\n");
  const fs::path moved = folder_ / "moved";
  fs::create_directories(moved);
  fs::rename(output_, moved / "out.jsonl");
  fs::rename(journal_, moved / "out.jsonl.journal");
  EXPECT_NO_THROW(
      check_own_output(moved / "out.jsonl", WrittenFiles::of_journal(moved / "out.jsonl.journal")));
  fs::create_directory_symlink(moved, folder_ / "link");
  EXPECT_NO_THROW(check_own_output(folder_ / "link/out.jsonl",
                                   WrittenFiles::of_journal(folder_ / "link/out.jsonl.journal")));
}

}  // namespace
}  // namespace beholder::batch
