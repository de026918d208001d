#include "train/step_supervision.hpp"

#include <gtest/gtest.h>

#include "program/program_support.hpp"

namespace beholder::train {
namespace {

std::vector<std::optional<program::Set>> held(const std::string& text) {
  const program::Program program = program::program_from_text(text);
  return step_targets(program, program::execute(program, program::small_world()));
}

TEST(StepSupervision, WhatIsCountedStandsFirstAndWhatItWasFoundFromBehind) {
  const auto sets =
      held("count filter_size[small] relate[right] unique filter_shape[sphere] scene");
  EXPECT_EQ(sets[0], (program::Set{2}));
  EXPECT_EQ(sets[1], (program::Set{1})) << "the sphere";
  EXPECT_FALSE(sets[2].has_value());
  EXPECT_EQ(sets.size(), kStepPlaces);
}

TEST(StepSupervision, ComparedThingsStandSideBySide) {
  const auto sets =
      held("greater_than count filter_color[red] scene count filter_shape[cylinder] scene");
  EXPECT_FALSE(sets[0].has_value());
  EXPECT_EQ(sets[1], (program::Set{0, 1}));
  EXPECT_EQ(sets[2], (program::Set{3}));
}

TEST(StepSupervision, ANegationHasThePlaceOfWhatItDenies) {
  EXPECT_EQ(held("not exist filter_color[red] scene")[0], (program::Set{0, 1}));
}

TEST(StepSupervision, NeedsAnEnd) {
  EXPECT_EQ(program::error_of([] { held("exist relate[left] unique scene"); }).code(),
            ErrorCode::kUsage);
}

}  // namespace
}  // namespace beholder::train
