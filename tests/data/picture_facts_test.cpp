#include "data/picture_facts.hpp"

#include <gtest/gtest.h>

namespace beholder::data {
namespace {

TEST(PictureFacts, CountsNeedAgreement) {
  Evidence evidence;
  EXPECT_EQ(PictureFacts({"A black dog and a white dog play .", "Two dogs play .", "Two dogs ."})
                .count("dog", 3, evidence),
            2);
  EXPECT_EQ(evidence, (Evidence{0, 1, 2}));
  EXPECT_EQ(
      PictureFacts({"A dog plays .", "Two dogs play .", "Two dogs ."}).count("dog", 2, evidence),
      0);
  EXPECT_EQ(
      PictureFacts({"Dogs play .", "Two dogs play .", "Two dogs ."}).count("dog", 2, evidence), 0);
}

TEST(PictureFacts, ColoursThatDisagreeAreAConflict) {
  EXPECT_TRUE(PictureFacts({"A black dog .", "A white dog ."}).colors({"dog"}).conflict);
  const auto shades =
      PictureFacts({"A brown dog .", "A brown dog .", "A tan dog ."}).colors({"dog"});
  EXPECT_FALSE(shades.conflict);
  EXPECT_EQ(shades.majority, "brown");
  EXPECT_EQ(shades.captions, (Evidence{0, 1}));
}

}  // namespace
}  // namespace beholder::data
