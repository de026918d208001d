#include "data/invert_relations.hpp"

#include <gtest/gtest.h>

namespace beholder::data {
namespace {

QaRow row(const char* question, const char* answer) {
  return {"a.jpg", question, {{answer, 1}}, "", {}};
}

TEST(InvertRelations, TurnsPlacesRound) {
  struct Case {
    const char *question, *answer, *turned, *thing;
  };
  const Case cases[] = {
      {"what is on the left side of the night lamp in the image23 ?", "bed",
       "what is on the right side of the bed?", "night lamp"},
      {"what is to the right of sofa in the image 4 ?", "garbage_bin",
       "what is on the left of the garbage bin?", "sofa"},
      {"what is in front of the curtain?", "table", "what is behind the table?", "curtain"},
      {"what is above the sink in the image7 ?", "mirror", "what is below the mirror?", "sink"},
      {"what is found beneath the desk in the image7 ?", "box", "what is above the box?", "desk"},
      {"what is close to the door in the image7 ?", "chair", "what is close to the chair?", "door"},
  };
  for (const Case& one : cases) {
    const auto turned = invert_relation(row(one.question, one.answer));
    ASSERT_TRUE(turned) << one.question;
    EXPECT_EQ(turned->question, one.turned);
    ASSERT_EQ(turned->answers.size(), 1u);
    EXPECT_EQ(turned->answers[0].first, one.thing);
    EXPECT_EQ(turned->image, "a.jpg");
  }
}

TEST(InvertRelations, LeavesWhatCannotBeTurned) {
  for (const QaRow& plain :
       {row("what is left of the lamp in the image1 ?", "bed, chair"),  // a list
        row("what is above the bed in the image1 ?", "2"),              // a number
        row("what is behind the bed in the image1 ?", "white"),         // a colour
        row("what color is the bed in the image1 ?", "white"),          // no place
        row("what is behind the bed and the lamp in the image1 ?", "wall clock"),
        row("how many chairs are behind the table?", "3"),
        row("what is behind the table?", "table")})
    EXPECT_FALSE(invert_relation(plain)) << plain.question;
}

TEST(InvertRelations, AddsOnlyWhatIsNotAsked) {
  const std::vector<QaRow> rows = {row("what is behind the sofa?", "lamp"),
                                   row("what is in front of the lamp?", "sofa"),
                                   row("what is above the sofa?", "picture frame")};
  const std::vector<QaRow> added = invert_relations(rows);
  ASSERT_EQ(added.size(), 1u);
  EXPECT_EQ(added[0].question, "what is below the picture frame?");
}

}  // namespace
}  // namespace beholder::data
