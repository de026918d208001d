#include "world/dataset.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "beholder/error.hpp"
#include "core/file.hpp"
#include "program/world_json.hpp"

namespace beholder::world {
namespace {
namespace fs = std::filesystem;

class Dataset : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("beholder-world-" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  static DatasetOptions options(const std::string& style, std::size_t scenes) {
    DatasetOptions out;
    out.style = style;
    out.scenes = scenes;
    out.seed = 7;
    out.width = 160;
    out.height = 120;
    return out;
  }
  static std::vector<nlohmann::json> rows(const fs::path& file) {
    std::ifstream in(file);
    std::vector<nlohmann::json> out;
    for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
    return out;
  }
  static bool never() { return false; }
  static void silent(std::size_t) {}

  fs::path folder_;
};

TEST_F(Dataset, RowsBelongTogether) {
  for (const std::string style : {"clevr", "open", "boxes"}) {
    DatasetOptions wanted = options(style, 6);
    if (style == "boxes") wanted.width = 4 * (wanted.height = 100);
    const auto summary = render_dataset(wanted, folder_ / style, never, silent);
    const auto scenes = rows(folder_ / style / "scenes.jsonl");
    const auto questions = rows(folder_ / style / "questions.jsonl");
    ASSERT_EQ(scenes.size(), 6u);
    EXPECT_EQ(summary.questions, questions.size());
    EXPECT_GT(questions.size(), 30u);
    // The scene as it is written answers the questions as they are written.
    for (const auto& question : questions) {
      const auto scene = std::find_if(scenes.begin(), scenes.end(), [&](const auto& row) {
        return row["image"] == question["image"];
      });
      ASSERT_NE(scene, scenes.end());
      const auto execution = program::execute(program::program_from_json(question["program"]),
                                              program::world_from_clevr(*scene));
      ASSERT_TRUE(execution.ok()) << execution.failure;
      std::string answer = program::answer_text(execution.values.back());
      const bool truth = question["type"] == "statement" || question["type"] == "boxes";
      if (truth && (answer == "yes" || answer == "no")) answer = answer == "yes" ? "true" : "false";
      EXPECT_EQ(answer, question["answer"]);
      EXPECT_FALSE(question["trace"].empty());
    }
    for (const auto& scene : scenes) {
      EXPECT_TRUE(fs::exists(folder_ / style / scene["image"].get<std::string>()));
      for (const auto& object : scene["objects"]) {
        const auto box = object["box"].get<std::vector<int>>();
        EXPECT_LE(object["pixels"].get<int>(), (box[2] - box[0]) * (box[3] - box[1]));
        EXPECT_GE(box[0], 0);
        EXPECT_LE(box[3], 120);
      }
    }
    EXPECT_EQ(rows(folder_ / style / "captions.jsonl").size(), 6u);
  }
}

TEST_F(Dataset, ThreadsChangeNothing) {
  auto one = options("flat", 12), two = options("flat", 12);
  two.threads = 3;
  render_dataset(one, folder_ / "one", never, silent);
  render_dataset(two, folder_ / "two", never, silent);
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "one")) {
    if (!entry.is_regular_file()) continue;
    EXPECT_EQ(read_file_text(entry.path()),
              read_file_text(folder_ / "two" / fs::relative(entry.path(), folder_ / "one")));
  }
}

TEST_F(Dataset, IsWholeOrNotThere) {
  std::size_t done = 0;
  try {
    render_dataset(
        options("flat", 50), folder_ / "stopped", [&] { return done >= 5; },
        [&](std::size_t now) { done = now; });
    FAIL() << "was not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kCancelled);
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(Dataset, RefusesWhatMakesNoSense) {
  const auto code = [&](const DatasetOptions& given, const fs::path& out) {
    try {
      render_dataset(given, out, never, silent);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code(options("flat", 1), folder_), ErrorCode::kUsage);
  EXPECT_EQ(code(options("cubist", 1), folder_ / "x"), ErrorCode::kUsage);
  EXPECT_EQ(code(options("flat", 0), folder_ / "x"), ErrorCode::kUsage);
  auto small = options("flat", 1);
  small.width = 3;
  EXPECT_EQ(code(small, folder_ / "x"), ErrorCode::kUsage);
  EXPECT_EQ(code(options("flat", 1), "/proc/none/x"), ErrorCode::kFileAccess);
  EXPECT_TRUE(fs::is_empty(folder_));
}

}  // namespace
}  // namespace beholder::world
