#include "program/picture_dependence.hpp"

#include <gtest/gtest.h>

namespace beholder::program {
namespace {

TEST(PictureDependence, AnAnswerDependsOnThePicture) {
  const auto depends = [](const char* text) { return depends_on_picture(program_from_text(text)); };
  EXPECT_TRUE(depends("exist filter_shape[cube] scene"));
  EXPECT_TRUE(depends("count scene"));
  EXPECT_TRUE(depends("query_color unique filter_shape[cube] scene"));
  EXPECT_TRUE(depends("some_box exist filter_color[black] scene"));
  EXPECT_TRUE(
      depends("greater_than count filter_color[red] filter_shape[cube] scene count "
              "filter_shape[cube] scene"));
  EXPECT_TRUE(depends("count same_shape unique filter_shape[cube] scene"));
  EXPECT_TRUE(
      depends("every_box and equal_integer count scene number[4] exist filter_color[black] "
              "extreme[highest] scene"));
  EXPECT_FALSE(depends("equal_integer number[2] number[3]"));
  EXPECT_FALSE(depends(
      "exist filter_color[red] intersect filter_color[red] scene filter_color[blue] scene"));
}

}  // namespace
}  // namespace beholder::program
