// `beholder caption` and `beholder merge` as a user runs them, on the bundled model.
#include <gtest/gtest.h>

#include "program.hpp"

namespace beholder::tests {
namespace {

std::vector<Json> rows_of(const fs::path& path) {
  std::vector<Json> out;
  std::istringstream in(read_text(path));
  for (std::string line; std::getline(in, line);) out.push_back(Json::parse(line));
  return out;
}

TEST(CliCaption, AFolderWithABrokenPictureResumed) {
  io::TemporaryFolder folder;
  fs::create_directories(folder / "in/deeper");
  fs::copy_file(sample("cat.jpg"), folder / "in/cat.jpg");
  fs::copy_file(sample("Café à la tasse.jpg"), folder / "in/deeper/Café à la tasse.jpg");
  write_text(folder / "in/broken.jpg", "no picture");
  const std::string in = (folder / "in").string(), out = (folder / "out.jsonl").string();
  const Finished first = run({"caption", in, "-r", "-o", out, "--quiet"});
  EXPECT_EQ(first.code, 3) << first.err;
  EXPECT_EQ(first.out + first.err, "");
  const std::vector<Json> rows = rows_of(out);
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[0].at("error").at("code"), "picture_format");
  EXPECT_EQ(keys(rows[1]),
            (Keys{"image", "caption", "probability", "confidence", "abstained", "guess", "words"}));
  EXPECT_EQ(rows[2].at("image"), in + "/deeper/Café à la tasse.jpg");

  const std::string text = read_text(out);
  const Finished again = run({"caption", in, "-r", "-o", out, "--quiet", "--json"});
  EXPECT_EQ(again.code, 3);
  EXPECT_EQ(again.rows().at(0).at("skipped"), 3);
  const Finished merged = run({"merge", (folder / "merged.jsonl").string(), out});
  EXPECT_EQ(merged.code, 3) << merged.err;
  EXPECT_EQ(read_text(folder / "merged.jsonl"), text);
}

TEST(CliCaption, QuestionsAndWrongUsage) {
  io::TemporaryFolder folder;
  const std::string out = (folder / "out.csv").string();
  const auto answer = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"caption", "--task", "answer", "-o", out, "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  // A question said twice is one; the picture after it is a picture.
  const Finished ran =
      answer({"--question", "is there a cat?", "--question", "is there a cat?", sample("cat.jpg")});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(read_text(out).find("cat.jpg,is there a cat?,"), std::string::npos);
  EXPECT_EQ(answer({sample("cat.jpg")}).code, 2);
  EXPECT_EQ(answer({sample("cat.jpg"), "--question", "a \xff?"}).code, 2);
  EXPECT_EQ(run({"caption", sample("cat.jpg"), "--question", "is it?", "-o", out}).code, 2);
  const std::string objects = (folder / "objects.jsonl").string();
  EXPECT_EQ(run({"caption", sample("scene.png"), "-o", objects, "--task", "objects"}).code, 0);
  EXPECT_NE(read_text(objects).find(R"("center")"), std::string::npos);
  EXPECT_EQ(run({"caption", sample("cat.jpg"), "-o", out, "--shard", "3/2"}).code, 2);
  EXPECT_EQ(run({"caption", sample("cat.jpg"), "-o", out, "--shard", "-1/2"}).code, 2);
  EXPECT_EQ(run({"caption", sample("cat.jpg"), "-o", out, "--threads", "100000"}).code, 2);
  const Finished prompted = run(
      {"caption", sample("cat.jpg"), "-o", (folder / "prompted.jsonl").string(), "--prompt", "a"});
  EXPECT_EQ(prompted.code, 1) << "not a failed row for each picture";
  EXPECT_NE(prompted.err.find("prompt"), std::string::npos);
  EXPECT_EQ(run({"describe", sample("cat.jpg"), "--length-penalty", "nan"}).code, 2);
  std::string endless = "is";
  for (int i = 0; i < 400; ++i) endless += " it";
  EXPECT_NE(answer({sample("cat.jpg"), "--question", endless}).code, 0);
}

TEST(CliCaption, OverwritesNothingThatIsNotItsOwn) {
  io::TemporaryFolder folder;
  const std::string picture = (folder / "cat.jpg").string();
  fs::copy_file(sample("cat.jpg"), picture);
  const std::string whole = read_text(picture);
  EXPECT_EQ(run({"caption", picture, "-o", picture}).code, 2);
  EXPECT_EQ(read_text(picture), whole);
  const std::string mine = (folder / "mine.jsonl").string();
  write_text(mine, "mine");
  EXPECT_EQ(run({"caption", picture, "-o", mine}).code, 2);
  EXPECT_EQ(read_text(mine), "mine");
  write_text(folder / "cat.txt", "notes");
  EXPECT_EQ(run({"caption", picture, "-o", (folder / "t").string(), "--format", "txt", "--existing",
                 "refuse"})
                .code,
            2);
  EXPECT_EQ(read_text(folder / "cat.txt"), "notes");

  const std::string out = (folder / "out.jsonl").string(), journal = out + ".journal";
  ASSERT_EQ(run({"caption", picture, "-o", out, "--quiet"}).code, 0);
  const std::string rows = read_text(journal);
  for (const std::string& target : {out, journal, mine})
    EXPECT_EQ(run({"merge", target, out}).code, 2) << target;
  EXPECT_EQ(read_text(journal), rows);
  EXPECT_EQ(read_text(mine), "mine");
  EXPECT_EQ(run({"merge", mine, out, "--force"}).code, 0);
  EXPECT_EQ(read_text(mine), read_text(out));
}

TEST(CliCaption, WhatAPersonEditedStays) {
  io::TemporaryFolder folder;
  fs::create_directories(folder / "in");
  fs::copy_file(sample("cat.jpg"), folder / "in/a.jpg");
  fs::copy_file(sample("coffee.jpg"), folder / "in/b.jpg");
  const std::string in = (folder / "in").string(), out = (folder / "run").string();
  const auto caption = [&](const Keys& more) {
    Keys words = {"caption", in, "-o", out, "--format", "txt", "--json", "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  ASSERT_EQ(caption({}).code, 0);
  const std::string own = read_text(folder / "in/b.txt");
  write_text(folder / "in/a.txt", "by hand");
  fs::copy_file(sample("rocket.jpg"), folder / "in/c.jpg");
  Finished ran = caption({});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.err.find("a.txt"), std::string::npos) << "said, also with --quiet";
  EXPECT_EQ(read_text(folder / "in/a.txt"), "by hand");
  EXPECT_TRUE(fs::exists(folder / "in/c.txt"));
  const Json texts = ran.rows().at(0).at("texts");
  EXPECT_EQ(texts.at("written"), 1);
  EXPECT_EQ(texts.at("kept"), 1);
  EXPECT_EQ(ran.rows()[0].at("passed_over"), Json({{".txt", 2}}));

  EXPECT_EQ(caption({"--existing", "refuse"}).code, 2);
  EXPECT_EQ(caption({"--existing", "append"}).code, 0);
  const std::string joined = read_text(folder / "in/a.txt");
  EXPECT_EQ(joined.find("by hand\n"), 0u);
  EXPECT_GT(joined.size(), std::string("by hand\n").size()) << "nothing was appended";
  EXPECT_EQ(caption({"--existing", "append"}).code, 0);
  EXPECT_EQ(read_text(folder / "in/a.txt"), joined);
  EXPECT_EQ(read_text(folder / "in/b.txt"), own);
  EXPECT_EQ(caption({"--existing", "overwrite"}).code, 0);
}

TEST(CliCaption, AnEditedOutputStays) {
  for (const char* name : {"out.jsonl", "out.csv", "out.sqlite", "out.json"}) {
    io::TemporaryFolder folder;
    fs::copy_file(sample("cat.jpg"), folder / "cat.jpg");
    const std::string out = (folder / name).string();
    Keys words = {"caption", (folder / "cat.jpg").string(), "-o", out, "--quiet"};
    if (std::string(name) == "out.json") words.insert(words.end(), {"--format", "coco"});
    ASSERT_EQ(run(words).code, 0) << name;
    const std::string own = read_text(out);
    EXPECT_EQ(run(words).code, 0) << "as it was";
    write_text(out, own + " ");
    const Finished refused = run(words);
    EXPECT_EQ(refused.code, 2) << name;
    EXPECT_NE(refused.err.find("--existing overwrite"), std::string::npos) << refused.err;
    EXPECT_EQ(read_text(out), own + " ");
    if (std::string(name) == "out.jsonl")
      EXPECT_EQ(run({"merge", (folder / "merged.jsonl").string(), out}).code, 2);
    words.insert(words.end(), {"--existing", "overwrite"});
    EXPECT_EQ(run(words).code, 0) << name;
    EXPECT_EQ(read_text(out), own);
    fs::remove(out);
    words.resize(words.size() - 2);
    EXPECT_EQ(run(words).code, 0);
    EXPECT_EQ(read_text(out), own) << "written anew where it was removed";
  }
}

TEST(CliCaption, RowsKeepTheirIds) {
  io::TemporaryFolder folder;
  fs::copy_file(sample("cat.jpg"), folder / "cat.jpg");
  const auto row = [](const char* question, const Json& id) {
    return Json({{"image", "cat.jpg"},
                 {"question", question},
                 {"question_id", id},
                 {"image_id", 42}})
               .dump() +
           "\r\n";
  };
  const fs::path list = folder / "rows.jsonl";
  write_text(list, "\xEF\xBB\xBF" + row("is there a cat?", 7) + row("what animal is this?", "x"));
  const std::string out = (folder / "out.jsonl").string();
  Finished ran = run({"caption", list.string(), "--task", "answer", "-o", out, "--quiet"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const std::vector<Json> rows = rows_of(out);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].at("question_id"), 7);
  EXPECT_EQ(rows[1].at("question_id"), "x");
  EXPECT_EQ(rows[1].at("question"), "what animal is this?");
  EXPECT_TRUE(rows[1].contains("answer"));
  EXPECT_EQ(run({"caption", list.string(), "--task", "answer", "--question", "is it?", "-o",
                 (folder / "two.jsonl").string(), "--quiet"})
                .code,
            0)
      << "the questions asked for are asked; those of the rows are kept";
  EXPECT_EQ(rows_of(folder / "two.jsonl").at(0).at("row_question"), "is there a cat?");
  const std::string coco = (folder / "coco.json").string();
  ran = run({"caption", (folder / "cat.jpg").string(), "-o", coco, "--format", "coco", "--quiet"});
  EXPECT_NE(ran.err.find("image_id"), std::string::npos) << "ids that are names are said";
  write_text(list, R"({"image": "cat.jpg", "image_id": 42})");
  const std::string ids = (folder / "ids.json").string();
  EXPECT_EQ(run({"caption", list.string(), "-o", ids, "--format", "coco", "--quiet"}).code, 0);
  EXPECT_EQ(Json::parse(read_text(ids)).at(0).at("image_id"), 42);
}

TEST(CliCaption, NamesFailuresWhereTheOutputHasNoPlaceForThem) {
  io::TemporaryFolder folder;
  write_text(folder / "broken_7.jpg", "no picture");
  const Finished ran = run({"caption", (folder / "broken_7.jpg").string(), "-o",
                            (folder / "out.json").string(), "--format", "coco", "--quiet"});
  EXPECT_EQ(ran.code, 3);
  EXPECT_NE(ran.err.find("broken_7.jpg"), std::string::npos) << ran.err;
}

// What is printed must not end up in the file that was opened in its stream's place.
TEST(CliCaption, ClosedStreamsLeaveTheJournalWhole) {
  io::TemporaryFolder folder;
  const std::string out = (folder / "out.jsonl").string();
  for (const char* closed : {"2>&-", "<&- >&- 2>&-"}) {
    fs::remove(out);
    fs::remove(out + ".journal");
    const std::string command =
        "BEHOLDER_MODEL=" + quoted((source_folder() / "models/beholder").string()) + " " +
        quoted(BEHOLDER_PROGRAM) + " caption " + quoted(sample("cat.jpg")) + " -o " + quoted(out) +
        " " + closed;
    EXPECT_EQ(std::system(command.c_str()), 0) << closed;
    EXPECT_EQ(read_text(out + ".journal").find("rows, "), std::string::npos) << closed;
    EXPECT_EQ(run({"caption", sample("cat.jpg"), "-o", out, "--quiet"}).code, 0) << closed;
  }
}

TEST(CliCaption, AFullDiskBehindStandardOutputIsAnError) {
  const std::string command =
      "BEHOLDER_MODEL=" + quoted((source_folder() / "models/beholder").string()) + " " +
      quoted(BEHOLDER_PROGRAM) + " describe --json " + quoted(sample("cat.jpg")) +
      " >/dev/full 2>/dev/null";
  const int status = std::system(command.c_str());
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST(CliCaption, EndlessInputIsRefused) { EXPECT_EQ(run({"describe", "/dev/zero"}).code, 1); }

}  // namespace
}  // namespace beholder::tests
