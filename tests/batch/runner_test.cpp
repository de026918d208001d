#include "batch/runner.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <mutex>
#include <sstream>

#include "batch/batch_support.hpp"
#include "batch/journal.hpp"
#include "batch/merge.hpp"

namespace beholder::batch {
namespace {

class Runner : public testing::Test {
 protected:
  Runner() {
    fs::create_directories(folder_ / "in");
    for (int i = 0; i < 20; ++i) write_text(picture(i), "p" + std::to_string(i));
    options_.journal = folder_ / "out.journal";
    options_.description = {{"task", "echo"}};
    options_.batch_size = 3;
  }

  fs::path picture(int i) const {
    return folder_ / ("in/" + std::string(i < 10 ? "0" : "") + std::to_string(i) + ".jpg");
  }

  PictureList list(std::size_t shard = 1, std::size_t shards = 1) const {
    std::istringstream none;
    ListOptions options;
    options.shard = shard;
    options.shards = shards;
    return list_pictures({(folder_ / "in").string()}, options, none);
  }

  RunResult run(const PictureList& pictures) {
    return run_batch(pictures, options_, worker_, [] { return false; }, {});
  }
  RunResult run() { return run(list()); }

  std::vector<std::string> texts(const RunResult& result) const {
    std::vector<std::string> out;
    for (const std::uint64_t offset : result.offsets) {
      const Row row = row_from_json(JournalReader(options_.journal).read(offset));
      out.push_back(fs::path(row.name).filename().string() + "=" +
                    (row.failed() ? row.error_code : row.text()));
    }
    return out;
  }

  io::TemporaryFolder folder_;
  RunOptions options_;
  EchoWorker worker_;
};

TEST_F(Runner, OneRowEachInTheListsOrderWhateverTheBatch) {
  std::vector<std::string> wanted;
  for (const std::size_t size : {1, 3, 7, 64})
    for (const std::size_t workers : {1, 4}) {
      fs::remove(options_.journal);
      options_.batch_size = size;
      options_.workers = workers;
      const RunResult result = run();
      EXPECT_EQ(result.status.done, 20u);
      EXPECT_EQ(result.status.failed, 0u);
      const auto found = texts(result);
      ASSERT_EQ(found.size(), 20u);
      EXPECT_EQ(found[3], "03.jpg=<p3>");
      if (wanted.empty()) wanted = found;
      EXPECT_EQ(found, wanted);
    }
}

TEST_F(Runner, SkipsWhatIsDoneAndRedoesWhatChanged) {
  const auto first = texts(run());
  EXPECT_EQ(worker_.inferred, 20);
  const RunResult second = run();
  EXPECT_EQ(worker_.inferred, 20);
  EXPECT_EQ(second.status.skipped, 20u);
  EXPECT_EQ(texts(second), first);

  write_text(picture(4), "new");
  fs::rename(picture(5), folder_ / "in/99.jpg");
  const RunResult third = run();
  EXPECT_EQ(worker_.inferred, 21);  // the changed one; the moved one is known
  const auto found = texts(third);
  EXPECT_EQ(found[4], "04.jpg=<new>");
  EXPECT_EQ(found[19], "99.jpg=<p5>");
  EXPECT_EQ(found.size(), 20u);
}

TEST_F(Runner, TheSameContentIsInferredOnce) {
  for (const int i : {3, 4, 9}) write_text(picture(i), "same");
  const auto found = texts(run());
  EXPECT_EQ(worker_.inferred, 18);
  for (const int i : {3, 4, 9}) EXPECT_NE(found[i].find("<same>"), std::string::npos);
}

TEST_F(Runner, OtherOptionsAreOtherRows) {
  run();
  options_.description = {{"task", "another"}};
  const RunResult other = run();
  EXPECT_EQ(worker_.inferred, 40);
  EXPECT_EQ(other.status.other_options, 20u);
  options_.description = {{"task", "echo"}};
  run();
  EXPECT_EQ(worker_.inferred, 40);
}

TEST_F(Runner, QuestionsAreRowsOfTheirOwn) {
  options_.questions = {"a?", "b?"};
  const auto found = texts(run());
  ASSERT_EQ(found.size(), 40u);
  EXPECT_EQ(found[6], "03.jpg=a?<p3>");
  EXPECT_EQ(found[7], "03.jpg=b?<p3>");
  options_.questions = {"b?", "c?"};
  EXPECT_EQ(run().status.skipped, 20u);
  EXPECT_EQ(worker_.inferred, 60);
}

TEST_F(Runner, PicturesWithQuestionsOfTheirOwn) {
  const auto asked = [&](const std::vector<std::pair<int, std::string>>& rows, std::size_t shard,
                         std::size_t shards) {
    PictureList out;
    out.own_questions = true;
    out.fingerprint = "rows";
    for (const auto& [number, question] : rows) {
      if (out.total % shards == shard - 1)
        out.pictures.push_back(
            {out.total, picture(number).string(), {{"question_id", 100 + out.total}}, question});
      ++out.total;
    }
    return out;
  };
  const std::vector<std::pair<int, std::string>> rows = {
      {3, "a?"}, {4, "b?"}, {3, "b?"}, {3, "a?"}, {5, "c?"}};
  const RunResult whole = run(asked(rows, 1, 1));
  EXPECT_EQ(whole.status.total, 5u);
  EXPECT_EQ(worker_.inferred, 4) << "the same question of the same picture is answered once";
  const JournalReader journal(options_.journal);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Row row = row_from_json(journal.read(whole.offsets[i]));
    EXPECT_EQ(row.index, i);
    EXPECT_EQ(row.keys.at("question_id"), 100 + i);
    EXPECT_EQ(row.text(), rows[i].second + "<p" + std::to_string(rows[i].first) + ">");
  }
  EXPECT_EQ(run(asked(rows, 1, 1)).status.skipped, 5u);
  // Rows in other places, and back: a merge takes what stands there now.
  auto turned = rows;
  std::swap(turned[1], turned[4]);
  run(asked(turned, 1, 1));
  run(asked(rows, 1, 1));
  EXPECT_EQ(worker_.inferred, 4);
  const auto merged_texts = [](const std::vector<fs::path>& journals) {
    const Merged merged = merge_journals(journals);
    const RowSource source = rows_of(merged);
    std::vector<std::string> out;
    for (Row row; source(row);) out.push_back(row.question + row.keys.at("question_id").dump());
    return out;
  };
  const std::vector<std::string> wanted = {"a?100", "b?101", "b?102", "a?103", "c?104"};
  EXPECT_EQ(merged_texts({options_.journal}), wanted);
  std::vector<fs::path> journals;
  for (std::size_t shard = 1; shard <= 2; ++shard) {
    options_.shard = shard;
    options_.shards = 2;
    options_.journal = folder_ / ("q" + std::to_string(shard) + ".journal");
    run(asked(rows, shard, 2));
    journals.push_back(options_.journal);
  }
  EXPECT_EQ(merged_texts(journals), wanted);
}

TEST_F(Runner, NewIdsAreNewRowsOfKnownResults) {
  PictureList pictures = list();
  for (ListedPicture& picture : pictures.pictures) picture.keys = {{"id", picture.index}};
  run(pictures);
  EXPECT_EQ(run(pictures).status.skipped, 20u);
  pictures.pictures[3].keys = {{"id", "new"}};
  const RunResult again = run(pictures);
  EXPECT_EQ(again.status.reused, 1u);
  EXPECT_EQ(worker_.inferred, 20);
  const Row row = row_from_json(JournalReader(options_.journal).read(again.offsets[3]));
  EXPECT_EQ(row.keys.at("id"), "new");
}

TEST_F(Runner, AMergeRefusesAnOutputThatWasChanged) {
  const fs::path output = folder_ / "out.jsonl";
  options_.journal = journal_of(output);
  const PictureList pictures = list();
  run_batch(
      pictures, options_, worker_, [] { return false; }, {},
      [&](const RunResult&, Journal& journal) {
        WrittenFiles written(options_.journal);
        OutputFile file(output);
        write_text(file.temporary(), "rows\n");
        written.publish(file, output, {}, &journal);
        written.close(&journal);
      });
  EXPECT_EQ(merge_journals({output}).rows.size(), 20u);
  write_text(output, "rows, by hand\n");
  const Error error = error_of([&] { merge_journals({output}); });
  EXPECT_EQ(error.code(), ErrorCode::kUsage) << error.what();
  EXPECT_EQ(merge_journals({options_.journal}).rows.size(), 20u) << "asked for by name";
  EXPECT_EQ(run(pictures).status.skipped, 20u);
}

TEST_F(Runner, FailuresAreRowsAndNobodyElsesLoss) {
  write_text(picture(2), "bad");
  write_text(picture(7), "poison");
  fs::remove(picture(11));
  PictureList pictures = list();
  pictures.pictures.insert(pictures.pictures.begin() + 11, {20, picture(11).string()});
  pictures.total = 21;
  const RunResult result = run(pictures);
  EXPECT_EQ(result.status.failed, 3u);
  const auto found = texts(result);
  EXPECT_EQ(found[2], "02.jpg=picture_corrupt");
  EXPECT_EQ(found[7], "07.jpg=out_of_memory");
  EXPECT_EQ(found[11], "11.jpg=file_not_found");
  EXPECT_EQ(found[8], "08.jpg=<p8>");

  // Done again only on request, or when the file is another one.
  const auto size = fs::file_size(options_.journal);
  EXPECT_EQ(run(pictures).status.failed, 3u);
  EXPECT_EQ(fs::file_size(options_.journal), size);
  write_text(picture(2), "good");
  EXPECT_EQ(run(pictures).status.failed, 2u);
  options_.retry_failed = true;
  write_text(picture(11), "back");
  const RunResult again = run(pictures);
  EXPECT_EQ(again.status.failed, 1u);
  EXPECT_EQ(texts(again)[11], "11.jpg=<back>");
}

TEST_F(Runner, StopsAtAFailureWhenToldTo) {
  write_text(picture(10), "bad");
  options_.stop_on_error = true;
  const Error error = error_of([&] { run(); });
  EXPECT_NE(std::string(error.what()).find("10.jpg"), std::string::npos);
  write_text(picture(10), "good");
  EXPECT_EQ(run().status.failed, 0u);
}

TEST_F(Runner, StopsOnRequestAndGoesOn) {
  worker_.pause = std::chrono::milliseconds(1);
  int asked = 0;
  std::mutex mutex;
  const auto stop = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return ++asked > 12;
  };
  const Error error = error_of([&] { run_batch(list(), options_, worker_, stop, {}); });
  EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  EXPECT_EQ(error.exit_code(), 130);
  const int before = worker_.inferred;
  EXPECT_LT(before, 20);
  EXPECT_EQ(run().status.done, 20u);
  EXPECT_EQ(worker_.inferred, 20);
}

// A large batch is given up in the middle: its pictures have not failed, they are still to be done.
TEST_F(Runner, AWorkerThatStopsLeavesItsPicturesForTheNextRun) {
  class Stopping final : public Worker {
   public:
    std::shared_ptr<const void> prepare(const std::vector<std::uint8_t>& bytes,
                                        const std::string& name) override {
      return echo_.prepare(bytes, name);
    }
    std::vector<std::vector<Json>> run(const std::vector<Task>& tasks) override {
      if (++calls == 3) {
        stopped = true;
        throw Error(ErrorCode::kCancelled, "stopped on request");
      }
      return echo_.run(tasks);
    }
    int calls = 0;
    bool stopped = false;

   private:
    EchoWorker echo_;
  } worker;
  options_.batch_size = 8;  // the third batch is the last one
  const auto code = [&] {
    try {
      run_batch(list(), options_, worker, [&] { return worker.stopped; }, {});
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find("16 of 20"), std::string::npos) << error.what();
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code(), ErrorCode::kCancelled);
  worker.stopped = false;
  const RunResult result = run();
  EXPECT_EQ(result.status.skipped, 16u);
  EXPECT_EQ(result.status.failed, 0u);
  EXPECT_EQ(result.status.done, 20u);
}

TEST_F(Runner, ShardsCoverEveryPictureOnceAndMerge) {
  const auto whole = texts(run());
  std::vector<fs::path> journals;
  for (std::size_t shard = 1; shard <= 3; ++shard) {
    options_.shard = shard;
    options_.shards = 3;
    options_.journal = folder_ / ("s" + std::to_string(shard) + ".journal");
    run(list(shard, 3));
    journals.push_back(options_.journal);
  }
  EXPECT_EQ(worker_.inferred, 40);
  const auto merged_texts = [&](const std::vector<fs::path>& parts) {
    const Merged merged = merge_journals(parts);
    const RowSource rows = rows_of(merged);
    std::vector<std::string> out;
    for (Row row; rows(row);)
      out.push_back(fs::path(row.name).filename().string() + "=" + row.text());
    return out;
  };
  EXPECT_EQ(merged_texts(journals), whole);
  EXPECT_EQ(merged_texts({journals[2], journals[0], journals[1]}), whole);
  const auto refused = [&](const std::vector<fs::path>& parts, const std::string& why) {
    const Error error = error_of([&] { merge_journals(parts); });
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  };
  refused({journals[0], journals[1]}, "shard 3/3 is missing");
  refused({journals[0], journals[1], journals[1]}, "twice");
  const std::string text = read_text(journals[1]);
  write_text(journals[1], text.substr(0, text.size() - 3));
  refused(journals, "piece of a row");
  write_text(journals[1], text.substr(0, text.rfind('\n', text.size() - 2) + 1));
  refused(journals, "did not come to its end");
  write_text(journals[1], text);
  options_.description = {{"task", "another"}};
  run(list(3, 3));
  refused(journals, "options");
}

// The row that a merge takes for a place must be of the picture that stands there now.
TEST_F(Runner, AListThatShrinksAndGrowsStaysWhole) {
  const auto only = [&](int i) {
    std::istringstream none;
    return list_pictures({picture(i).string()}, {}, none);
  };
  run(only(7));
  run();
  run(only(7));
  const auto wanted = texts(run());
  EXPECT_EQ(worker_.inferred, 20);
  const Merged merged = merge_journals({options_.journal});
  const RowSource rows = rows_of(merged);
  std::vector<std::string> found;
  for (Row row; rows(row);)
    found.push_back(fs::path(row.name).filename().string() + "=" + row.text());
  EXPECT_EQ(found, wanted);
}

TEST_F(Runner, AMergeRefusesAnUnfinishedRerun) {
  run();
  EXPECT_NO_THROW(merge_journals({options_.journal}));
  for (int i = 0; i < 20; ++i) write_text(picture(i), "new" + std::to_string(i));
  int asked = 0;
  std::mutex mutex;
  const auto stop = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    return ++asked > 9;
  };
  EXPECT_EQ(error_of([&] { run_batch(list(), options_, worker_, stop, {}); }).code(),
            ErrorCode::kCancelled);
  EXPECT_EQ(error_of([&] { merge_journals({options_.journal}); }).code(), ErrorCode::kDataFormat);
  run();
  EXPECT_NO_THROW(merge_journals({options_.journal}));
}

TEST_F(Runner, WhatIsNoFileIsNotWaitedFor) {
  ASSERT_EQ(::mkfifo((folder_ / "in/05x.jpg").c_str(), 0600), 0);
  const auto found = texts(run());
  EXPECT_EQ(found[6], "05x.jpg=file_access");
}

TEST_F(Runner, AFailureNamesItsOwnFile) {
  for (const int i : {3, 9}) write_text(picture(i), "bad");
  for (const int i : {4, 8}) write_text(picture(i), "poison");
  const RunResult result = run();
  EXPECT_EQ(result.status.failed, 4u);
  for (const int i : {3, 9}) {
    const Row row = row_from_json(JournalReader(options_.journal).read(result.offsets[i]));
    EXPECT_NE(row.error_message.find(picture(i).string()), std::string::npos) << row.error_message;
  }
}

TEST_F(Runner, MemoryOfNamesThatAreNotText) {
  const std::string odd = (folder_ / "in/\xff\xfe \"a\"\n,b.jpg").string();
  write_text(odd, "odd");
  const RunResult result = run();
  EXPECT_EQ(result.status.failed, 0u);
  bool found = false;
  for (const std::uint64_t offset : result.offsets)
    found |= row_from_json(JournalReader(options_.journal).read(offset)).name == odd;
  EXPECT_TRUE(found);
  EXPECT_EQ(run().status.skipped, 21u);
}

}  // namespace
}  // namespace beholder::batch
