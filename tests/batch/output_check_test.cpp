#include "batch/output_check.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "batch/batch_support.hpp"
#include "batch/merge.hpp"
#include "batch/output.hpp"
#include "batch/output_file.hpp"
#include "batch/picture_list.hpp"

namespace beholder::batch {
namespace {

template <typename Body>
bool refused(const Body& body) {
  try {
    body();
    return false;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << error.what();
    return true;
  }
}

TEST(OutputCheck, RefusesWhatTheRunReads) {
  io::TemporaryFolder folder;
  const std::string picture = (folder / "a.jpg").string(), list = (folder / "list.txt").string();
  write_text(picture, "x");
  write_text(list, picture);
  fs::create_symlink(picture, folder / "link");
  const std::vector<std::string> read = {picture, "", (folder / "missing.jpg").string(), list};
  for (const std::string& output :
       {picture, list, (folder / "link").string(), (folder / "./a.jpg").string()})
    EXPECT_TRUE(refused([&] { check_output(output, read); })) << output;
  EXPECT_FALSE(refused([&] { check_output(folder / "out.jsonl", read); }));
}

TEST(OutputCheck, RefusesWhatIsNoFileAndWhatIsCalledAsAJournal) {
  io::TemporaryFolder folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  fs::create_directories(folder / "taken.jsonl.tmp");
  for (const fs::path& output :
       {fs::path(""), fs::path("-"), fs::path("/dev/null"), folder.path(), folder / "pipe",
        folder / "out.jsonl.journal", folder / "taken.jsonl"})
    EXPECT_TRUE(refused([&] { check_output(output, {}); })) << output;
}

TEST(OutputCheck, CocoNumbersAreNumbersOfTheirOwn) {
  EXPECT_EQ(coco_id("a/COCO_val2014_000000000042.jpg"), 42);
  EXPECT_EQ(coco_id("000042.jpg"), 42);
  EXPECT_EQ(coco_id("1001773457_577c3a7d70.jpg"), "1001773457_577c3a7d70.jpg");
  EXPECT_EQ(coco_id("dog.jpg"), "dog.jpg");
  EXPECT_EQ(coco_id("a_7.jpg", {{"image_id", 3}}), 3) << "a row's own goes first";
  EXPECT_EQ(coco_id("dog.jpg", {{"image_id", "000000000042"}}), 42);
  EXPECT_EQ(coco_id("a_7.jpg", {{"image_id", "x9y"}}), "x9y");

  const auto numbers = [](const std::vector<std::string>& names) {
    std::vector<ListedPicture> pictures;
    for (const std::string& name : names) pictures.push_back({0, name, {}, {}});
    return coco_numbers(pictures);
  };
  EXPECT_TRUE(numbers({"a_7.jpg", "a_8.jpg"}));
  EXPECT_FALSE(numbers({"a_7.jpg", "a_8.jpg", "x.jpg"})) << "ids of one kind in a file";
  EXPECT_TRUE(refused([&] { numbers({"a_7.jpg", "b_7.jpg"}); }));
  EXPECT_FALSE(numbers({"a_7.jpg", "b_7.jpg", "x.jpg"})) << "by their names they differ";
  EXPECT_TRUE(refused([&] { numbers({"a/x.jpg", "b/x.jpg"}); }));
}

TEST(OutputFile, WritesWhatALinkPointsTo) {
  io::TemporaryFolder folder;
  write_text(folder / "real", "old");
  fs::create_symlink("real", folder / "link");
  {
    OutputFile file(folder / "link");
    write_text(file.temporary(), "new");
    file.publish();
  }
  EXPECT_TRUE(fs::is_symlink(folder / "link"));
  EXPECT_EQ(read_text(folder / "real"), "new");
}

}  // namespace
}  // namespace beholder::batch
