#include "program/program.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "program/program_support.hpp"

namespace beholder::program {
namespace {

TEST(Program, ReadsClevrsForm) {
  const auto json = nlohmann::json::parse(R"([
    {"type": "scene", "inputs": [], "value_inputs": []},
    {"type": "filter_color", "inputs": [0], "value_inputs": ["red"]},
    {"function": "unique", "inputs": [1], "side_inputs": []},
    {"type": "query_shape", "inputs": [2]}])");
  const Program program = program_from_json(json);
  EXPECT_EQ(program_to_text(program), "query_shape unique filter_color[red] scene");
  EXPECT_EQ(program[1].operation, Operation::kFilter);
  EXPECT_EQ(program[1].attribute, "color");
  EXPECT_EQ(program_to_text(program_from_json(program_to_json(program))), program_to_text(program));
}

TEST(Program, TextAndBack) {
  for (const char* text :
       {"count scene", "equal_integer count filter_size[large] scene number[3]",
        "equal_color query_color unique filter_shape[cube] scene query_color superlative[leftmost] "
        "scene",
        "and not exist filter_name[dog] scene all filter_color[red] scene filter_shape[cube] scene",
        "query_name nearest unique filter_name[dog] scene scene"})
    EXPECT_EQ(program_to_text(program_from_text(text)), text);
}

TEST(Program, SaysWhatIsWrong) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "ends where a step is due"},
      {"count", "ends where a step is due"},
      {"count scene scene", "follows the end"},
      {"paint scene", "'paint'"},
      {"filter_color[red scene", "bracket does not close"},
      {"filter_color scene", "needs a value"},
      {"count[3] scene", "takes no value"},
      {"count unique scene", "takes a set, step 1 gives an object"},
      {"filter_[red] scene", "no step has this name"},
  };
  for (const auto& [text, part] : cases) {
    const Error error = error_of([&, text = text] { program_from_text(text); });
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
    EXPECT_NE(std::string(error.what()).find(part), std::string::npos)
        << text << ": " << error.what();
  }
  std::string deep;
  for (int i = 0; i < 100000; ++i) deep += "not ";
  EXPECT_EQ(error_of([&] { program_from_text(deep); }).code(), ErrorCode::kDataFormat);
}

TEST(Program, RefusesDamagedJson) {
  const char* cases[] = {
      "{}",
      "[]",
      R"([{"type": "count", "inputs": [0]}])",
      R"([{"type": "scene", "inputs": [7]}])",
      R"([{"type": "scene", "inputs": "x"}])",
      R"([{"inputs": []}])",
      R"([{"type": "scene", "inputs": []}, {"type": "filter_color", "inputs": [0], "value_inputs": [3]}])",
      R"([{"type": "scene", "inputs": []}, {"type": "unique", "inputs": [0]}, {"type": "count", "inputs": [1]}])",
      R"([3])"};
  for (const char* text : cases)
    EXPECT_EQ(error_of([&] { program_from_json(nlohmann::json::parse(text)); }).code(),
              ErrorCode::kDataFormat)
        << text;
}

}  // namespace
}  // namespace beholder::program
