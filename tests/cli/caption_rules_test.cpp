// `--prefix`, `--min-words` and their kin as a user gives them.
#include <gtest/gtest.h>

#include <iterator>

#include "program.hpp"

namespace beholder::tests {
namespace {

std::string golden(const std::string& name) {
  return (source_folder() / "tests/golden/blip" / name).string();
}

std::size_t words(const std::string& text) {
  std::istringstream in(text);
  return static_cast<std::size_t>(
      std::distance(std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()));
}

TEST(CliCaptionRules, PublishedModelsTakeThem) {
  const auto said = [](const Keys& more) {
    Keys all = {"describe", "-m", golden("caption"), golden("wide.png")};
    all.insert(all.end(), more.begin(), more.end());
    const Finished ran = run(all);
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.lines().at(0);
  };
  const std::string plain = said({});
  std::vector<std::string> different;
  for (const Keys& rule : {Keys{"--repetition-penalty", "1.5"},
                           {"--no-repeat-ngram", "2"},
                           {"--max-words", "3"},
                           {"--min-words", "25"}})
    EXPECT_NE(said(rule), plain) << rule[0];
  EXPECT_EQ(words(said({"--min-words", "25", "--max-words", "25"})), 25u);
  EXPECT_EQ(said({"--prefix", "sks ", "--suffix", "."}), "sks " + plain + ".");
  said({"--min-new-tokens", "5"});
}

TEST(CliCaptionRules, WhatContradictsOrIsOutOfRangeIsWrongUsage) {
  const std::string cat = sample("cat.jpg");
  for (const Keys& rule : {Keys{"--min-words", "5", "--max-words", "3"},
                           {"--min-words=-1"},
                           {"--max-words", "2000"},
                           {"--max-words", "many"},
                           {"--repetition-penalty", "0"},
                           {"--repetition-penalty=-2"},
                           {"--repetition-penalty", "nan"},
                           {"--no-repeat-ngram=-1"},
                           {"--min-new-tokens=-1"},
                           {"--min-new-tokens", "20", "--max-new-tokens", "10"},
                           {"--min-words", "500"},
                           {"--prefix", "two\nlines"}}) {
    Keys all = {"describe", cat};
    all.insert(all.end(), rule.begin(), rule.end());
    const Finished ran = run(all);
    EXPECT_EQ(ran.code, 2) << rule[0] << ran.out;
    EXPECT_FALSE(ran.err.empty());
  }
  io::TemporaryFolder folder;
  const std::string out = (folder / "out.jsonl").string();
  for (const char* option : {"--prefix", "--suffix", "--min-words", "--no-repeat-ngram"})
    for (const Keys& task : {Keys{"answer", "--question", "is it?"}, {"objects"}}) {
      Keys all = {"caption", cat, "-o", out, option, "3", "--task"};
      all.insert(all.end(), task.begin(), task.end());
      const Finished ran = run(all);
      EXPECT_EQ(ran.code, 2) << option;
      EXPECT_NE(ran.err.find(option), std::string::npos) << ran.err;
    }
  const Finished batch = run({"caption", cat, "-o", out, "--min-words", "500"});
  EXPECT_EQ(batch.code, 2) << "not a failed row for each picture";
}

TEST(CliCaptionRules, TextsAreSurroundedOnceInEveryOutputAlsoOnResume) {
  io::TemporaryFolder folder;
  for (const char* name : {"a.jpg", "b.jpg"}) fs::copy_file(sample("cat.jpg"), folder / name);
  const auto caption = [&](const std::string& out, const std::string& format,
                           const std::string& prefix) {
    return run({"caption", (folder / "a.jpg").string(), (folder / "b.jpg").string(), "-o",
                (folder / out).string(), "--format", format, "--quiet", "--json", "--beams", "2",
                "--min-confidence", "0", "--prefix", prefix, "--suffix", " end"});
  };
  const auto times = [](const std::string& text, const std::string& word) {
    std::size_t out = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++out;
    return out;
  };
  for (const char* format : {"jsonl", "csv", "txt"}) {
    const std::string out = std::string("out.") + format;
    for (int turn = 0; turn < 2; ++turn) {
      const Finished ran = caption(out, format, "sks, ");
      ASSERT_EQ(ran.code, 0) << ran.err;
      EXPECT_EQ(ran.rows().at(0).at("skipped"), turn == 0 ? 0 : 2);
      const std::string text = std::string(format) == "txt"
                                   ? read_text(folder / "a.txt") + read_text(folder / "b.txt")
                                   : read_text(folder / out);
      EXPECT_EQ(times(text, "sks, "), 2u) << text;
      EXPECT_EQ(times(text, " end"), 2u) << text;
    }
  }
  // Another prefix makes other rows.
  const Finished other = caption("out.jsonl", "jsonl", "ohwx, ");
  EXPECT_EQ(other.rows().at(0).at("skipped"), 0) << other.err;
  EXPECT_EQ(times(read_text(folder / "out.jsonl"), "ohwx, "), 2u);
}

TEST(CliCaptionRules, AHeatmapIsOfTheWordsThatTheModelWrote) {
  io::TemporaryFolder folder;
  const Finished ran = run({"describe", sample("cat.jpg"), "--prefix", "sks, ", "--suffix", " x",
                            "--heatmap", (folder / "h.png").string(), "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  for (const Json& word : ran.rows().at(0).at("heatmap").at("words"))
    EXPECT_NE(word.at("word"), "sks");
}

}  // namespace
}  // namespace beholder::tests
