#include "program/trace.hpp"

#include <gtest/gtest.h>

#include <set>

#include "program/program_support.hpp"

namespace beholder::program {
namespace {

std::vector<TraceStep> trace(const std::string& text) {
  const Program program = program_from_text(text);
  return trace_of(program, execute(program, small_world()));
}

TEST(Trace, ReadsAsPeopleThink) {
  const auto steps = trace(
      "count union filter_size[large] relate[right] unique filter_shape[sphere] scene "
      "filter_shape[cube] filter_material[rubber] scene");
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_EQ(steps[0].text, "find sphere");
  EXPECT_EQ(steps[1].text, "right of 1, large");
  EXPECT_EQ(steps[1].objects, (Set{3}));
  EXPECT_EQ(steps[2].text, "find rubber cube");
  EXPECT_EQ(steps[3].text, "2 or 3");
  EXPECT_EQ(steps[4].text, "count 4");
  EXPECT_EQ(steps[4].value, "2");
  EXPECT_EQ(steps[4].objects, (Set{2, 3}));
}

// Faithful: all steps of the program and no other, each with what it holds when it is done.
TEST(Trace, HoldsEveryStepOnceWithItsObjects) {
  for (const char* text :
       {"count scene", "query_color unique filter_shape[sphere] filter_size[small] scene",
        "equal_integer count filter_color[red] scene number[2]",
        "exist filter_color[red] relate[left] unique filter_shape[cylinder] scene",
        "query_shape nearest unique filter_shape[sphere] scene scene",
        "and exist scene not exist filter_color[pink] scene"}) {
    const Program program = program_from_text(text);
    const Execution execution = execute(program, small_world());
    std::set<std::size_t> seen;
    for (const TraceStep& step : trace_of(program, execution)) {
      EXPECT_FALSE(step.text.empty());
      for (const std::size_t i : step.steps) EXPECT_TRUE(seen.insert(i).second) << text;
      const Value& last = execution.values[step.steps.back()];
      if (const auto* set = std::get_if<Set>(&last)) {
        EXPECT_EQ(step.objects, *set);
      }
      if (const auto* object = std::get_if<Object>(&last)) {
        EXPECT_EQ(step.objects, Set{object->place});
      }
      if (signature_of(program[step.steps.back()].operation).result == Kind::kInteger) {
        EXPECT_EQ(step.value, answer_text(last));
      }
    }
    EXPECT_EQ(seen.size(), program.size()) << text;
    EXPECT_EQ(trace_of(program, execution).back().value, answer_text(execution.values.back()));
  }
}

TEST(Trace, OfAFailureIsRefused) {
  const Program program = program_from_text("query_color unique scene");
  EXPECT_EQ(error_of([&] { trace_of(program, execute(program, small_world())); }).code(),
            ErrorCode::kUsage);
}

}  // namespace
}  // namespace beholder::program
