// Nothing that a user has is overwritten unasked, by any verb.
#include <gtest/gtest.h>

#include <algorithm>

#include "program.hpp"

namespace beholder::tests {
namespace {

std::string golden(const std::string& name) {
  return (source_folder() / "tests/golden/blip" / name).string();
}

std::vector<std::string> entries(const fs::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::directory_iterator(folder))
    out.push_back(entry.path().filename().string());
  std::sort(out.begin(), out.end());
  return out;
}

/// Runs `words`, which must be refused as wrong usage and leave `file` as it is.
void expect_refused(const Keys& words, const fs::path& file) {
  const std::string before = read_text(file);
  const Finished ran = run(words);
  std::string line;
  for (const std::string& word : words) line += word + " ";
  EXPECT_EQ(ran.code, 2) << line << ran.err;
  EXPECT_FALSE(ran.err.empty()) << line;
  EXPECT_EQ(ran.out, "") << line;
  EXPECT_EQ(read_text(file), before) << line;
}

class Overwrite : public ::testing::Test {
 protected:
  void SetUp() override {
    fs::copy_file(sample("scene.png"), folder / "p.png");
    fs::create_hard_link(folder / "p.png", folder / "hard.png");
    fs::create_symlink("p.png", folder / "link.png");
    write_text(
        folder / "qa.jsonl",
        Json({{"image", "p.png"}, {"question", "what is left of the cube?"}, {"answer", "cube"}})
                .dump() +
            "\n");
    write_text(folder / "captions.jsonl",
               Json({{"image", "p.png"}, {"captions", {"a red dog runs"}}}).dump() + "\n");
    write_text(folder / "other.txt", "mine");
    write_text(folder / "other.png", "mine");
  }
  std::string at(const std::string& name) const { return (folder / name).string(); }
  io::TemporaryFolder folder;
};

TEST_F(Overwrite, DrawingsReplaceNoPicture) {
  fs::create_directory(folder / "sub");
  for (const char* name : {"p.png", "hard.png", "link.png", "sub/../p.png", "other.png"}) {
    const std::string target = at(name);
    const fs::path kept = folder / (std::string(name) == "other.png" ? "other.png" : "p.png");
    expect_refused({"objects", at("p.png"), "--draw", target}, kept);
    expect_refused({"describe", at("p.png"), "--heatmap", target}, kept);
    expect_refused({"ask", at("p.png"), "how many cubes are there?", "--heatmap", target}, kept);
    expect_refused({"ask", at("p.png"), "how many cubes are there?", "--explain", "--draw", target},
                   kept);
    if (kept.filename() == "p.png")
      expect_refused({"objects", at("p.png"), "--draw", target, "--force"}, kept);
  }
  expect_refused({"objects", at("p.png"), "--draw", at("out.gif")}, folder / "p.png");
  EXPECT_EQ(run({"objects", at("p.png"), "--draw", at("no/out.png")}).code, 1);
}

TEST_F(Overwrite, DrawingsAreOfTheFormatThatTheirNamesSay) {
  for (const auto& [name, begins] : std::vector<std::pair<std::string, std::string>>{
           {"out.png", "\x89PNG"}, {"out.jpg", "\xff\xd8\xff"}, {"out.webp", "RIFF"}}) {
    const Finished ran = run({"objects", at("p.png"), "--draw", at(name)});
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_EQ(read_text(folder / name).substr(0, begins.size()), begins) << name;
  }
  expect_refused({"objects", at("p.png"), "--draw", at("out.jpg")}, folder / "out.jpg");
  EXPECT_EQ(run({"objects", at("p.png"), "--draw", at("out.jpg"), "--force"}).code, 0);
}

TEST_F(Overwrite, ToolsForDataReplaceNoData) {
  const auto refused = [&](const Keys& words, const char* input) {
    for (const char* target : {input, "other.txt"}) {
      Keys all = words;
      all.insert(all.end(), {"--out", at(target)});
      expect_refused(all, folder / target);
    }
    Keys forced = words;
    forced.insert(forced.end(), {"--out", at(input), "--force"});
    expect_refused(forced, folder / input);
  };
  refused({"data", "derive", "--captions", at("captions.jsonl")}, "captions.jsonl");
  refused({"data", "invert", "--questions", at("qa.jsonl")}, "qa.jsonl");
  refused({"data", "choose", "--captions", at("captions.jsonl"), "--candidates", at("qa.jsonl")},
          "qa.jsonl");
  refused({"data", "name", "--weights", at("p.png"), "--pictures", at("qa.jsonl")}, "p.png");
  EXPECT_EQ(
      run({"data", "invert", "--questions", at("qa.jsonl"), "--out", at("other.txt"), "--force"})
          .code,
      0);
  EXPECT_NE(read_text(folder / "other.txt"), "mine");
}

TEST_F(Overwrite, PredictionsReplaceNeitherDataNorPictures) {
  for (const char* target : {"qa.jsonl", "p.png", "other.txt"})
    expect_refused({"eval", "--data", at("qa.jsonl"), "--predictions", at(target)},
                   folder / target);
  expect_refused({"eval", "--data", at("qa.jsonl"), "--predictions", at("qa.jsonl"), "--force"},
                 folder / "qa.jsonl");
}

TEST_F(Overwrite, ModelsAreWrittenWholeAndReplaceNone) {
  fs::copy(golden("vqa"), folder / "model");
  fs::create_directories(folder / "full");
  write_text(folder / "full/notes.txt", "mine");
  for (const char* target : {"model", "full"}) {
    const fs::path kept =
        folder / target / (std::string(target) == "full" ? "notes.txt" : "config.json");
    expect_refused({"model", "convert", at("model"), "-o", at(target)}, kept);
    expect_refused({"model", "export", at("model"), at(target)}, kept);
    expect_refused({"model", "average", at("model"), at("model"), "--out", at(target)}, kept);
    expect_refused({"model", "join", at("model"), at("model"), "--out", at(target)}, kept);
    expect_refused(
        {"calibrate", "--scenes", at("full"), "--model", at("model"), "--out", at(target)}, kept);
  }
  // What fails leaves nothing, also no folder above it.
  const auto before = entries(folder.path());
  EXPECT_NE(run({"model", "export", at("model"), at("new/export")}).code, 0);
  EXPECT_NE(run({"model", "join", at("model"), at("model"), "--out", at("new/join")}).code, 0);
  EXPECT_NE(run({"model", "average", at("model"), at("full"), "--out", at("new")}).code, 0);
  EXPECT_NE(run({"model", "convert", at("full"), "--out", at("new")}).code, 0);
  EXPECT_EQ(entries(folder.path()), before);
  ASSERT_EQ(run({"model", "convert", at("model"), "-o", at("full"), "--force"}).code, 0);
  EXPECT_EQ(read_text(folder / "full/notes.txt"), "mine");
  EXPECT_EQ(run({"model", "verify", at("full")}).code, 0);
}

TEST_F(Overwrite, CalibrationIsToldWhereToWriteAndNeedsEnoughRows) {
  const std::string model = (source_folder() / "models/beholder").string();
  EXPECT_EQ(run({"calibrate", "--scenes", at("scenes"), "--model", model}).code, 2);
  EXPECT_EQ(
      run({"calibrate", "--scenes", at("s"), "--model", model, "--out", at("m"), "--in-place"})
          .code,
      2);
  ASSERT_EQ(
      run({"world", "render", "--num", "6", "--seed", "3", "--out", at("scenes"), "--quiet"}).code,
      0);
  const Finished few =
      run({"calibrate", "--scenes", at("scenes"), "--model", model, "--out", at("calibrated")});
  EXPECT_EQ(few.code, 1);
  EXPECT_NE(few.err.find("300"), std::string::npos) << few.err;
  EXPECT_FALSE(fs::exists(folder / "calibrated"));
}

TEST_F(Overwrite, ScenesAndRunsGoIntoNewFolders) {
  expect_refused({"world", "render", "--num", "1", "--out", folder.path().string()},
                 folder / "other.txt");
  write_text(folder / "train.json", read_text(source_folder() / "configs/detector.json"));
  expect_refused({"train", "--config", at("train.json"), "--run", folder.path().string()},
                 folder / "other.txt");
}

TEST_F(Overwrite, AnotherTaskReplacesNoCaptions) {
  const std::string out = at("cap.jsonl");
  ASSERT_EQ(run({"caption", at("p.png"), "-o", out, "--quiet"}).code, 0);
  expect_refused({"caption", at("p.png"), "--task", "objects", "-o", out, "--quiet"},
                 folder / "cap.jsonl");
  EXPECT_EQ(run({"caption", at("p.png"), "-o", out, "--quiet"}).code, 0);
}

}  // namespace
}  // namespace beholder::tests
