#include "train/reasoner_examples.hpp"

#include <gtest/gtest.h>

#include <set>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::train {
namespace {

using tests::error_of;
using tests::write_text;

const char* kScenes =
    R"({"image_index": 0, "objects": [
      {"shape":"cube","size":"large","color":"red","material":"metal","3d_coords":[1,0,0.7]},
      {"shape":"sphere","size":"small","color":"blue","material":"rubber","3d_coords":[-2,1,0.35]},
      {"shape":"sphere","size":"large","color":"gray","material":"rubber","3d_coords":[2,2,0.7]}]})";

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text + "\n";
}

void write_folder(const std::filesystem::path& folder, const std::string& scene,
                  const std::string& answer) {
  write_text(folder / "scenes.jsonl", one_line(kScenes));
  write_text(
      folder / "questions.jsonl",
      R"({"scene": )" + scene +
          R"(, "question": "What color is the tiny ball left of the metal block?", "answer": ")" +
          answer + R"(", "program": [
                 {"type": "scene", "inputs": [], "value_inputs": []},
                 {"type": "filter_material", "inputs": [0], "value_inputs": ["metal"]},
                 {"type": "filter_shape", "inputs": [1], "value_inputs": ["cube"]},
                 {"type": "unique", "inputs": [2], "value_inputs": []},
                 {"type": "relate", "inputs": [3], "value_inputs": ["left"]},
                 {"type": "filter_size", "inputs": [4], "value_inputs": ["small"]},
                 {"type": "filter_shape", "inputs": [5], "value_inputs": ["sphere"]},
                 {"type": "unique", "inputs": [6], "value_inputs": []},
                 {"type": "query_color", "inputs": [7], "value_inputs": []}]})");
  std::string text = tests::read_text(folder / "questions.jsonl");
  write_text(folder / "questions.jsonl", one_line(text));
}

TEST(ReasonerExamples, RenamingKeepsWordsProgramWorldAndAnswerTogether) {
  io::TemporaryFolder folder;
  write_folder(folder.path(), "0", "blue");
  const auto examples = read_reasoner_examples(folder.path());
  ASSERT_EQ(examples.size(), 1u);
  Random random(2);
  std::set<std::string> texts, answers;
  for (int i = 0; i < 200; ++i) {
    const ReasonerExample one = renamed(examples[0], random, 0.05);
    const auto execution = execute(one.program, one.world);
    ASSERT_TRUE(execution.ok()) << one.question << ": " << execution.failure;
    EXPECT_EQ(program::answer_text(execution.values.back()), one.answer) << one.question;
    texts.insert(one.question);
    answers.insert(one.answer);
  }
  EXPECT_GT(texts.size(), 30u);
  EXPECT_EQ(answers.size(), 8u) << "every colour should have come up";
}

TEST(ReasonerExamples, AQuestionMovesToAnotherWorldWithItsAnswer) {
  io::TemporaryFolder folder;
  write_folder(folder.path(), "0", "blue");
  ReasonerExample example = read_reasoner_examples(folder.path())[0];
  Random random(4);
  const ReasonerExample before = example;
  // In an empty world "the" thing asked about is not there.
  EXPECT_FALSE(transplant(example, {program::World{}}, random));
  EXPECT_EQ(example.answer, before.answer);
  program::World green = example.world;
  for (program::Thing& thing : green.things)
    if (thing.attributes["color"] == "blue") thing.attributes["color"] = "green";
  ASSERT_TRUE(transplant(example, {green}, random));
  EXPECT_EQ(example.answer, "green");
  EXPECT_EQ(example.question, before.question);
}

TEST(ReasonerExamples, ScenesMayBeNumberedWithGaps) {
  io::TemporaryFolder folder;
  write_folder(folder.path(), "120", "blue");
  EXPECT_EQ(read_reasoner_examples(folder.path()).size(), 1u);
}

TEST(ReasonerExamples, AWrongAnswerIsAnErrorWithItsPlace) {
  io::TemporaryFolder folder;
  write_folder(folder.path(), "0", "red");
  const Error error = error_of([&] { read_reasoner_examples(folder.path()); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("questions.jsonl:1"), std::string::npos) << error.what();
}

}  // namespace
}  // namespace beholder::train
