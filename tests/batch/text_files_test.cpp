#include "batch/text_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "batch/batch_support.hpp"
#include "batch/merge.hpp"

namespace beholder::batch {
namespace {

class TextFiles : public testing::Test {
 protected:
  TextFiles() {
    fs::create_directories(folder_ / "in");
    for (const char* name : {"a", "b", "c"}) write_text(picture(name), name);
  }

  fs::path picture(const std::string& name) const { return folder_ / ("in/" + name + ".jpg"); }
  fs::path text(const std::string& name) const { return folder_ / ("in/" + name + ".txt"); }

  /// A whole run over the folder, as the program has it. @return what it wrote and kept
  TextSummary run(Existing existing = Existing::kSkip, const std::string& task = "echo") {
    std::istringstream none;
    PictureList list = list_pictures({(folder_ / "in").string()}, {}, none);
    RunOptions options;
    options.journal = journal_;
    options.description = {{"task", task}};
    worker_.prefix = task == "echo" ? "" : task;
    WrittenFiles written = WrittenFiles::of_journal(journal_);
    std::vector<std::string> names;
    for (const ListedPicture& picture : list.pictures) names.push_back(picture.name);
    const auto plans = plan_texts(names, existing, written, {});
    TextSummary out;
    std::vector<ListedPicture> left;
    for (std::size_t i = 0; i < plans.size(); ++i)
      if (plans[i].why.empty())
        left.push_back(list.pictures[i]);
      else
        out.kept.push_back(plans[i]);
    list.pictures = left;
    run_batch(
        list, options, worker_, [] { return false; }, {},
        [&](const RunResult& result, Journal& journal) {
          if (meanwhile) meanwhile();
          std::size_t next = 0;
          const TextSummary done = write_text_files(
              [&](Row& row) {
                if (next == result.offsets.size()) return false;
                row = row_from_json(journal.read(result.offsets[next++]));
                return true;
              },
              existing, written, &journal);
          out.written = done.written;
          out.restored = done.restored;
          out.kept.insert(out.kept.end(), done.kept.begin(), done.kept.end());
        });
    return out;
  }

  ErrorCode refused(Existing existing) {
    return error_of([&] { run(existing); }).code();
  }

  io::TemporaryFolder folder_;
  const fs::path journal_ = folder_ / "run.journal";
  EchoWorker worker_;
  std::function<void()> meanwhile;
};

TEST_F(TextFiles, WhatAPersonEditedIsKept) {
  EXPECT_EQ(run().written, 3u);
  EXPECT_EQ(read_text(text("a")), "<a>\n");
  write_text(text("a"), "sks cup, by hand\n");
  write_text(picture("d"), "d");
  const TextSummary second = run();
  EXPECT_EQ(second.written, 1u);
  ASSERT_EQ(second.kept.size(), 1u);
  EXPECT_EQ(second.kept[0].file, text("a"));
  EXPECT_NE(second.kept[0].why.find("changed"), std::string::npos);
  EXPECT_EQ(read_text(text("a")), "sks cup, by hand\n");
  EXPECT_EQ(read_text(text("d")), "<d>\n");
  EXPECT_EQ(run().kept.size(), 1u) << "also when nothing is left to do";
  // Neither another model nor another picture in its place changes that.
  write_text(picture("a"), "new");
  run(Existing::kSkip, "other");
  EXPECT_EQ(read_text(text("a")), "sks cup, by hand\n");
  EXPECT_EQ(read_text(text("b")), "other<b>\n") << "the batch's own is kept up to date";
}

TEST_F(TextFiles, ChangesThatAreHardToSeeAreChanges) {
  run();
  const std::vector<std::string> edits = {"<a>\r\n", "<a>", "\xEF\xBB\xBF<a>\n", "", "<a> \n"};
  for (const std::string& edit : edits) {
    write_text(text("a"), edit);
    EXPECT_EQ(run().kept.size(), 1u) << edit;
    EXPECT_EQ(read_text(text("a")), edit);
  }
}

TEST_F(TextFiles, WhatWasThereBeforeIsLeftOutAndNotInferred) {
  write_text(text("b"), "hand\n");
  const TextSummary first = run();
  EXPECT_EQ(first.written, 2u);
  ASSERT_EQ(first.kept.size(), 1u);
  EXPECT_EQ(worker_.inferred, 2);
  EXPECT_EQ(read_text(text("b")), "hand\n");
  EXPECT_EQ(refused(Existing::kRefuse), ErrorCode::kUsage);
  EXPECT_EQ(run(Existing::kOverwrite).written, 1u);
  EXPECT_EQ(read_text(text("b")), "<b>\n");
  EXPECT_EQ(run(Existing::kRefuse).kept.size(), 0u) << "now all are the batch's own";
}

TEST_F(TextFiles, AnEmptyTextIsNone) {
  write_text(text("b"), "");
  EXPECT_EQ(run().written, 3u);
  EXPECT_EQ(read_text(text("b")), "<b>\n");
}

TEST_F(TextFiles, ARemovedTextIsWrittenAgain) {
  run();
  fs::remove(text("b"));
  const TextSummary again = run();
  EXPECT_EQ(again.written, 1u);
  EXPECT_EQ(again.restored, 1u);
  EXPECT_EQ(read_text(text("b")), "<b>\n");
}

TEST_F(TextFiles, JoinsOnceAndOnALineOfItsOwn) {
  write_text(text("a"), "no end");
  write_text(text("b"), "\xEF\xBB\xBFmarked\r\n");
  EXPECT_EQ(run(Existing::kAppend).written, 3u);
  EXPECT_EQ(read_text(text("a")), "no end\n<a>\n");
  EXPECT_EQ(read_text(text("b")), "\xEF\xBB\xBFmarked\r\n<b>\n");
  EXPECT_EQ(read_text(text("c")), "<c>\n");
  EXPECT_EQ(run(Existing::kAppend).written, 0u);
  write_text(text("a"), "no end\n<a>\nand more\n");
  EXPECT_EQ(run(Existing::kAppend).written, 0u) << "it is in there, whatever came after";
  EXPECT_EQ(run().kept.size(), 2u) << "words of somebody else are kept by default";
  EXPECT_EQ(read_text(text("b")), "\xEF\xBB\xBFmarked\r\n<b>\n");
  // Another caption is another text.
  EXPECT_EQ(run(Existing::kPrepend, "other").written, 3u);
  EXPECT_EQ(read_text(text("b")), "\xEF\xBB\xBFother<b>\nmarked\r\n<b>\n");
  EXPECT_EQ(read_text(text("c")), "other<c>\n<c>\n");
  EXPECT_EQ(run(Existing::kPrepend, "other").written, 0u);
}

TEST_F(TextFiles, JoinsToWhatAPersonMadeOfItsOwn) {
  run();
  write_text(text("a"), "by hand\n");
  EXPECT_EQ(run(Existing::kAppend).written, 1u);
  EXPECT_EQ(read_text(text("a")), "by hand\n<a>\n");
  EXPECT_EQ(run(Existing::kAppend).written, 0u);
  write_text(text("a"), "by hand <a>\n");
  EXPECT_EQ(run(Existing::kAppend).written, 1u) << "no line of its own";
}

TEST_F(TextFiles, AnUnfinishedJoinIsDoneAgainAndOnce) {
  write_text(text("a"), "hand\n");
  run(Existing::kAppend);
  // As if the run had been killed between its note and the file, and before the end.
  write_text(text("a"), "hand\n");
  std::string journal = read_text(journal_);
  const std::size_t closed = journal.rfind("{\"outputs\"");
  ASSERT_NE(closed, std::string::npos);
  write_text(journal_, journal.substr(0, journal.rfind('\n', closed) + 1));
  EXPECT_EQ(run(Existing::kAppend).written, 1u);
  EXPECT_EQ(read_text(text("a")), "hand\n<a>\n");
}

TEST_F(TextFiles, NothingIsJoinedToWhatIsNotUtf8) {
  const std::string utf16("\xFF\xFEh\0i\0", 6);
  write_text(text("a"), utf16);
  EXPECT_EQ(run(Existing::kAppend).kept.size(), 1u);
  EXPECT_EQ(read_text(text("a")), utf16);
}

TEST_F(TextFiles, WhatChangesWhileTheBatchRunsIsKept) {
  meanwhile = [&] {
    if (!fs::exists(text("a"))) write_text(text("a"), "typed meanwhile\n");
  };
  const TextSummary first = run();
  EXPECT_EQ(first.written, 2u);
  EXPECT_EQ(first.kept.size(), 1u);
  EXPECT_EQ(read_text(text("a")), "typed meanwhile\n");
}

TEST_F(TextFiles, WhatIsNoWritableFileIsKept) {
  fs::create_directories(text("a"));
  write_text(text("b"), "protected\n");
  fs::permissions(text("b"), fs::perms::owner_read);
  EXPECT_EQ(run().kept.size(), 2u);
  EXPECT_TRUE(fs::is_directory(text("a")));
  EXPECT_EQ(refused(Existing::kOverwrite), ErrorCode::kUsage) << "a folder cannot be";
  fs::remove(text("a"));
  const TextSummary over = run(Existing::kOverwrite);
  ASSERT_EQ(over.kept.size(), 1u);
  EXPECT_EQ(over.kept[0].why, "is read-only");
  EXPECT_EQ(read_text(text("b")), "protected\n");
}

TEST_F(TextFiles, OfALinkWhatItPointsToIsWritten) {
  write_text(folder_ / "real.txt", "hand\n");
  fs::create_symlink(folder_ / "real.txt", text("a"));
  EXPECT_EQ(run().kept.size(), 1u);
  EXPECT_EQ(run(Existing::kOverwrite).written, 1u);
  EXPECT_TRUE(fs::is_symlink(text("a")));
  EXPECT_EQ(read_text(folder_ / "real.txt"), "<a>\n");
  fs::remove(text("b"));
  fs::create_symlink(folder_ / "real.txt", text("b"));
  EXPECT_EQ(refused(Existing::kOverwrite), ErrorCode::kUsage) << "two pictures, one file";
}

TEST_F(TextFiles, TwoPicturesWithOneTextFile) {
  write_text(folder_ / "in/a.png", "other");
  EXPECT_EQ(refused(Existing::kSkip), ErrorCode::kUsage);
  write_text(text("a"), "hand\n");
  EXPECT_EQ(run().kept.size(), 2u) << "nobody writes it";
  EXPECT_EQ(read_text(text("a")), "hand\n");
}

TEST_F(TextFiles, AnExtensionInCapitalsIsATextToo) {
  write_text(folder_ / "in/a.TXT", "hand\n");
  EXPECT_EQ(run().kept.size(), 1u);
  EXPECT_FALSE(fs::exists(text("a")));
}

TEST_F(TextFiles, AJournalWithoutNotesKnowsItsOwnTexts) {
  run();
  // An earlier version noted nothing.
  std::istringstream lines(read_text(journal_));
  std::string old;
  for (std::string line; std::getline(lines, line);)
    if (line.find("{\"wrote\"") == std::string::npos &&
        line.find("{\"outputs\"") == std::string::npos)
      old += line + "\n";
  write_text(journal_, old);
  write_text(text("a"), "hand\n");
  const TextSummary again = run();
  ASSERT_EQ(again.kept.size(), 1u);
  EXPECT_EQ(again.kept[0].file, text("a"));
  EXPECT_EQ(run(Existing::kSkip, "other").written, 2u);
}

TEST_F(TextFiles, WhatTheRunReadsIsNotWritten) {
  write_text(text("a"), "a.jpg\n");
  const Error error = error_of([&] {
    plan_texts({picture("a").string()}, Existing::kOverwrite, WrittenFiles(journal_),
               {text("a").string()});
  });
  EXPECT_EQ(error.code(), ErrorCode::kUsage);
}

}  // namespace
}  // namespace beholder::batch
