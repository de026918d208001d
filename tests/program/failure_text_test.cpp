#include "program/failure_text.hpp"

#include <gtest/gtest.h>

#include "program/program_support.hpp"

namespace beholder::program {
namespace {

std::string why(const std::string& text) {
  const Program program = program_from_text(text);
  return failure_text(program, execute(program, small_world()));
}

TEST(FailureText, NamesTheObjectsThatWereMeant) {
  EXPECT_EQ(why("query_size unique filter_color[green] filter_shape[cube] scene"),
            "there is no green cube");
  EXPECT_EQ(why("query_shape unique filter_size[small] scene"),
            "there is more than one small thing: 2");
  EXPECT_EQ(why("query_color unique filter_shape[cube] relate[left] unique filter_shape[sphere] "
                "filter_material[metal] scene"),
            "there is no metal sphere");
  EXPECT_EQ(why("query_color unique filter_shape[cylinder] relate[left] unique "
                "filter_shape[sphere] scene"),
            "there is no cylinder left of the sphere");
  EXPECT_EQ(why("query_shape unique same_color unique filter_shape[cylinder] scene"),
            "there is no thing of the same color as the cylinder");
  EXPECT_EQ(why("query_color superlative[leftmost] filter_color[pink] scene"),
            "there is no pink thing");
}

TEST(FailureText, IsEmptyForAProgramThatCameToItsEnd) {
  EXPECT_EQ(why("count filter_color[pink] scene"), "");
}

TEST(FailureText, HasTheExecutorsWordsForTheRest) {
  const std::string text = why("query_weight unique filter_shape[sphere] scene");
  EXPECT_EQ(text, "an object has no weight");
}

}  // namespace
}  // namespace beholder::program
