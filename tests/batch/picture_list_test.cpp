#include "batch/picture_list.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "batch/batch_support.hpp"
#include "batch/folder_walk.hpp"
#include "core/text_lines.hpp"

namespace beholder::batch {
namespace {

TEST(PictureList, FoldersListsAndNames) {
  io::TemporaryFolder folder;
  fs::create_directories(folder / "in/deeper");
  for (const char* name : {"in/b.JPG", "in/a.png", "in/notes.md", "in/deeper/c.webp"})
    write_text(folder / name, "x");
  write_text(folder / "list.txt", "one.jpg\r\n\ntwo.jpg\n");
  const auto names = [&](const std::vector<std::string>& arguments, const ListOptions& options,
                         const std::string& input = "") {
    std::istringstream in(input);
    std::vector<std::string> out;
    for (const auto& picture : list_pictures(arguments, options, in).pictures)
      out.push_back(fs::path(picture.name).filename().string());
    return out;
  };
  using Names = std::vector<std::string>;
  const std::string in = (folder / "in").string();
  EXPECT_EQ(names({in}, {}), (Names{"a.png", "b.JPG"}));
  ListOptions options;
  options.recursive = true;
  EXPECT_EQ(names({in}, options), (Names{"a.png", "b.JPG", "c.webp"}));
  options.globs = {"*.md", "c.*"};
  EXPECT_EQ(names({in}, options), (Names{"c.webp", "notes.md"}));
  EXPECT_EQ(names({(folder / "list.txt").string(), "x.gif"}, {}),
            (Names{"one.jpg", "two.jpg", "x.gif"}));
  EXPECT_EQ(names({"-", "a.jpg"}, {}, "a.jpg\nb.jpg\n"), (Names{"a.jpg", "b.jpg"}));
  options = {};
  options.null_separated = true;
  EXPECT_EQ(names({"-"}, options, std::string("a\nb.jpg\0c.jpg\0", 14)),
            (Names{"a\nb.jpg", "c.jpg"}));
  options = {};
  options.limit = 1;
  EXPECT_EQ(names({in}, options), Names{"a.png"});
  std::istringstream none;
  EXPECT_EQ(error_of([&] { list_pictures({}, {}, none); }).code(), ErrorCode::kUsage);
  options.shard = 3;
  options.shards = 2;
  EXPECT_EQ(error_of([&] { list_pictures({in}, options, none); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(error_of([&] { list_pictures({(folder / "no.txt").string()}, {}, none); }).code(),
            ErrorCode::kFileNotFound);
}

TEST(PictureList, ListsOfTheOtherKindAreRefused) {
  const auto read = [](const std::string& text, bool null_separated) {
    std::istringstream in(text);
    std::vector<std::string> names;
    for (const ListedPicture& picture : read_list(bytes_of_stream(in), "list", null_separated))
      names.push_back(picture.name);
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(read("\xEF\xBB\xBF"
                 "a.jpg\nb.jpg",
                 false),
            (Names{"a.jpg", "b.jpg"}));
  EXPECT_EQ(read("a.jpg\rb \xE9.jpg\r", false), (Names{"a.jpg", "b \xE9.jpg"}));
  EXPECT_EQ(error_of([&] { read(std::string("a.jpg\0b.jpg\0", 12), false); }).code(),
            ErrorCode::kUsage);
  EXPECT_EQ(error_of([&] { read("a.jpg\nb.jpg\n", true); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(read("a.jpg", true), Names{"a.jpg"});
}

TEST(PictureList, RowsKeepTheirKeysAndQuestions) {
  io::TemporaryFolder folder;
  const fs::path list = folder / "rows.jsonl";
  write_text(list, R"({"image": "a.jpg", "question_id": 1, "question": "is it?", "answer": "no"})"
                   "\n"
                   R"({"image": "/abs/b.jpg", "question_id": "x", "question": "what?"})"
                   "\r\n"
                   R"({"image": "a.jpg", "question_id": 1, "question": "is it?", "answer": "no"})"
                   "\n");
  const auto listed = [&](const ListOptions& options) {
    std::istringstream none;
    return list_pictures({list.string()}, options, none);
  };
  const PictureList named = listed({});
  ASSERT_EQ(named.total, 2u) << "the same row twice is one";
  EXPECT_FALSE(named.own_questions);
  EXPECT_EQ(named.pictures[0].name, (folder / "a.jpg").string());
  EXPECT_EQ(named.pictures[0].keys.dump(),
            R"({"question_id":1,"row_answer":"no","row_question":"is it?"})");
  EXPECT_EQ(named.pictures[1].name, "/abs/b.jpg");

  ListOptions asked;
  asked.own_questions = true;
  EXPECT_TRUE(listed(asked).own_questions);
  EXPECT_EQ(listed(asked).pictures[1].question, "what?");
  ListOptions bare;
  bare.keep_keys = false;
  EXPECT_TRUE(listed(bare).pictures[0].keys.is_null());

  const auto refused = [&](const std::string& text, const std::string& place) {
    write_text(list, text);
    const Error error = error_of([&] { listed(asked); });
    EXPECT_NE(std::string(error.what()).find(place), std::string::npos) << error.what();
  };
  refused("{\"image\": \"a.jpg\"}\n{\"image\": ", "rows.jsonl:2");
  refused("{\"picture\": \"a.jpg\"}", "rows.jsonl:1");
  refused("{\"image\": \"a.jpg\", \"question\": 3}", "rows.jsonl:1");
  refused("{\"image\": \"a.jpg\", \"question\": \"is it?\"}\nb.jpg\n", "b.jpg");
}

TEST(FolderWalk, AFolderWithinThatCannotBeListedIsARow) {
  if (::geteuid() == 0) GTEST_SKIP() << "root lists every folder";
  io::TemporaryFolder folder;
  fs::create_directories(folder / "in/closed");
  write_text(folder / "in/a.jpg", "x");
  fs::permissions(folder / "in/closed", fs::perms::none);
  ListOptions options;
  options.recursive = true;
  std::istringstream none;
  const auto list = list_pictures({(folder / "in").string()}, options, none);
  fs::permissions(folder / "in/closed", fs::perms::owner_all);
  ASSERT_EQ(list.total, 2u);
  EXPECT_EQ(fs::path(list.pictures[1].name).filename(), "closed");
}

TEST(FolderWalk, CountsWhatItPassesOver) {
  io::TemporaryFolder folder;
  fs::create_directories(folder / "in/deeper/__MACOSX");
  fs::create_directories(folder / "in/.cache");
  for (const char* name :
       {"in/a.jpg", "in/b.JFIF", "in/c.jpe", "in/d.mpo", "in/._a.jpg", "in/.hidden.png", "in/e.xcf",
        "in/f.XCF", "in/Thumbs.db", "in/.DS_Store", "in/noext", "in/g.txt", "in/deeper/h.jp2",
        "in/deeper/__MACOSX/._h.jp2", "in/.cache/i.jpg"})
    write_text(folder / name, "x");
  write_text(folder / "in/j.dat", "picture");
  fs::create_directory_symlink(folder / "in", folder / "in/loop");
  ASSERT_EQ(::mkfifo((folder / "in/k.pipe").c_str(), 0600), 0);
  const std::string in = (folder / "in").string();
  std::istringstream none;
  ListOptions options;
  options.looks_like_picture = [](const fs::path& path) { return path.extension() == ".dat"; };
  const auto names = [](const PictureList& list) {
    std::vector<std::string> out;
    for (const ListedPicture& picture : list.pictures)
      out.push_back(fs::path(picture.name).filename().string());
    return out;
  };
  using Names = std::vector<std::string>;
  using Counts = std::map<std::string, std::size_t>;
  PictureList list = list_pictures({in}, options, none);
  EXPECT_EQ(names(list), (Names{"a.jpg", "b.JFIF", "c.jpe", "d.mpo"}));
  const std::string looks = ".dat that are pictures by their content (name them, or use --glob)";
  EXPECT_EQ(list.passed_over, (Counts{{".txt", 1},
                                      {".xcf", 2},
                                      {looks, 1},
                                      {"files of the system (Thumbs.db and such)", 1},
                                      {"folders (-r goes into them)", 2},
                                      {"hidden files", 3},
                                      {"hidden folders", 1},
                                      {"pipes and devices", 1},
                                      {"without an extension", 1}}));
  EXPECT_NE(passed_over_text(list.passed_over).find("2 .xcf, "), std::string::npos);

  options.recursive = true;
  list = list_pictures({in}, options, none);
  EXPECT_EQ(names(list), (Names{"a.jpg", "b.JFIF", "c.jpe", "d.mpo", "h.jp2"}));
  EXPECT_EQ(list.passed_over.at("links to folders"), 1u);
  EXPECT_EQ(list.passed_over.at("__MACOSX folders"), 1u);

  options.globs = {"*.xcf", ".hidden*"};
  list = list_pictures({in}, options, none);
  EXPECT_EQ(names(list), (Names{".hidden.png", "e.xcf"}));
  EXPECT_EQ(list.passed_over.at("hidden files"), 2u);
  EXPECT_EQ(list.passed_over.at(".jpe that no --glob matches"), 1u);

  const std::string empty = (folder / "in/deeper/__MACOSX").string();
  const Error error = error_of([&] { list_pictures({empty}, options, none); });
  EXPECT_NE(std::string(error.what()).find("1 hidden files"), std::string::npos) << error.what();
}

}  // namespace
}  // namespace beholder::batch
