#include "train/choose_captions.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"

namespace beholder::train {
namespace {

TEST(ChooseCaptions, KeepsWhatPeopleSaid) {
  const std::vector<data::CaptionRow> captions = {
      {"a.jpg", {"a brown dog runs on grass", "a dog is running"}},
      {"b.jpg", {"two men sit at a table", "men at a table"}},
      {"c.jpg", {"a red car", "the car is red"}}};
  const Candidates candidates = {
      {std::filesystem::weakly_canonical("a.jpg"),
       {"two men on grass", "a brown dog runs", "a dog", "a cat"}},
      {std::filesystem::weakly_canonical("b.jpg"), {"a table", "two men sit at a table"}}};
  const auto chosen = choose_captions(captions, candidates, 2);
  ASSERT_EQ(chosen.size(), 2u);
  EXPECT_EQ(chosen[0].captions.front(), "a brown dog runs");
  EXPECT_EQ(chosen[0].captions.size(), 2u);
  EXPECT_EQ(chosen[1].captions, (std::vector<std::string>{"two men sit at a table", "a table"}));
  EXPECT_EQ(caption_jsonl(chosen, "").substr(0, 50),
            R"({"image":"a.jpg","captions":["a brown dog runs","a)");
  EXPECT_THROW(choose_captions(captions, {}, 2), Error);
}

TEST(ChooseCaptions, ReadsABatch) {
  io::TemporaryFolder folder;
  std::ofstream(folder / "c.jsonl")
      << R"({"image": "a.jpg", "caption": "x", "descriptions": [{"text": "x", "probability": 1}]})"
      << "\n"
      << R"({"image": "c.jpg", "descriptions": [{"text": "I am not sure", "guess": "a dog"}]})"
      << "\n"
      << R"({"image": "b.jpg", "error": {"code": "picture_corrupt", "message": ""}})"
      << "\n";
  const Candidates found = read_candidates(folder / "c.jsonl");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found.rbegin()->second, std::vector<std::string>{"a dog"});
  std::ofstream(folder / "d.jsonl") << R"({"image": "a.jpg", "caption": "x"})"
                                    << "\n";
  try {
    read_candidates(folder / "d.jsonl");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
    EXPECT_NE(std::string(error.what()).find("d.jsonl:1"), std::string::npos);
  }
}

}  // namespace
}  // namespace beholder::train
