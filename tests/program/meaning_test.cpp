#include "program/meaning.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace beholder::program {
namespace {

Asked asked(const std::string& question, bool denies = false, bool alternative = false) {
  Asked out;
  std::istringstream words(question);
  for (std::string word; words >> word;) out.words.push_back(word);
  out.denies = denies;
  out.alternative = alternative;
  return out;
}

std::string wrong(const std::string& program, const Asked& question) {
  return misreading(program_from_text(program), question);
}

TEST(Meaning, NothingIsLeftOutOrMadeUp) {
  const std::string red_cubes = "count filter_color[red] filter_shape[cube] scene";
  EXPECT_EQ(wrong(red_cubes, asked("how many red cubes are there")), "");
  EXPECT_EQ(wrong(red_cubes, asked("how many red blocks are there")), "");
  EXPECT_EQ(wrong(red_cubes, asked("how many cubes are there")), "nothing says \"red\"");
  EXPECT_EQ(wrong("count filter_shape[cube] scene", asked("how many red cubes are there")),
            "leaves out \"red\"");
  EXPECT_EQ(wrong("exist filter_shape[person] scene", asked("what is this")),
            "nothing says \"person\"");
  EXPECT_EQ(wrong("exist filter_shape[cell phone] scene", asked("is there a phone")), "");
}

TEST(Meaning, PlacesAndDirectionsHaveASteps) {
  const Asked on_the_left = asked("is the red thing on the left");
  EXPECT_EQ(wrong("exist filter_color[red] scene", on_the_left), "leaves out \"left\"");
  EXPECT_EQ(wrong("exist filter_side[left] filter_color[red] scene", on_the_left), "");
  EXPECT_EQ(wrong("exist filter_side[right] filter_color[red] scene", on_the_left),
            "nothing says \"right\"");
  EXPECT_EQ(
      wrong("query_color superlative[leftmost] scene", asked("what color is the leftmost thing")),
      "");
  EXPECT_EQ(wrong("query_side unique filter_color[red] scene",
                  asked("is the red thing on the left or the right", false, true)),
            "");
}

TEST(Meaning, ADenialIsDenied) {
  EXPECT_EQ(wrong("not exist filter_shape[cube] scene", asked("is there no cube", true)), "");
  EXPECT_EQ(wrong("exist filter_shape[cube] scene", asked("is there no cube", true)),
            "leaves out what is denied");
  EXPECT_EQ(wrong("not exist filter_shape[cube] scene", asked("is there a cube")),
            "denies what is not denied");
  EXPECT_EQ(wrong("count difference scene filter_color[red] scene",
                  asked("how many things are not red", true)),
            "");
}

TEST(Meaning, NothingIsComparedWithItself) {
  EXPECT_EQ(wrong("equal_color query_color unique filter_shape[cube] scene query_color unique "
                  "filter_shape[cube] scene",
                  asked("is the cube the same color as the cube")),
            "compares a thing with itself");
  EXPECT_EQ(wrong("query_shape unique filter_shape[cube] scene", asked("what shape is the cube")),
            "asks for what the question says");
}

TEST(Meaning, PartsOfAPictureNeedNoStepOfTheirOwn) {
  const std::string two_black =
      "count_boxes equal_integer count filter_color[black] scene number[2]";
  EXPECT_EQ(wrong(two_black, asked("how many gray squares have 2 black shapes")), "");
  EXPECT_EQ(wrong(two_black, asked("how many of the three boxes have 2 black items")), "");
  EXPECT_EQ(wrong(two_black, asked("how many boxes have 2 black squares of gray")),
            "leaves out \"gray\"");
  EXPECT_EQ(wrong("count filter_color[black] scene", asked("how many black things of any shape")),
            "");
  EXPECT_EQ(wrong("count filter_color[black] scene", asked("how many black things have the shape")),
            "leaves out \"shape\"");
}

}  // namespace
}  // namespace beholder::program
