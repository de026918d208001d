#include "text/question_kind.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

using Kind = QuestionKind;

TEST(QuestionKind, IsToldByTheWords) {
  const std::pair<const char*, Kind> cases[] = {
      {"Is there a dog?", Kind::kYesNo},
      {"isn't it raining?", Kind::kYesNo},
      {"Does the cube touch the ball?", Kind::kYesNo},
      {"Can you see a red thing?", Kind::kYesNo},
      {"Tell me if there is a dog.", Kind::kYesNo},
      {"There is a box with two black items.", Kind::kYesNo},
      {"There is a tower with a blue or yellow block?", Kind::kYesNo},
      {"In the picture, is the cube red or blue?", Kind::kAlternative},
      {"In this picture, is there a cat?", Kind::kYesNo},
      {"Is there a cat or a dog?", Kind::kYesNo},
      {"Is it red or not?", Kind::kYesNo},
      {"Is the cube red or blue?", Kind::kAlternative},
      {"Are there more cubes or spheres?", Kind::kAlternative},
      {"Is it a cube, a sphere or a cone?", Kind::kAlternative},
      {"How many dogs are there?", Kind::kNumber},
      {"Count the red cubes.", Kind::kNumber},
      {"What number of cubes are there?", Kind::kNumber},
      {"What is the number of people?", Kind::kNumber},
      {"In the picture, how many people are sitting?", Kind::kNumber},
      {"Can you tell me how many dogs there are?", Kind::kNumber},
      {"What colour is the bus?", Kind::kColor},
      {"What is the color of the bus?", Kind::kColor},
      {"The ball has what color?", Kind::kColor},
      {"Could you tell me what color it is?", Kind::kColor},
      {"There is a ball left of the cube; what is its color?", Kind::kColor},
      {"There is a ball; is it the same color as the cube?", Kind::kYesNo},
      {"How big is the ball?", Kind::kSize},
      {"What size is the cube?", Kind::kSize},
      {"What is the cube made of?", Kind::kMaterial},
      {"What shape is it?", Kind::kShape},
      {"Where is the cat?", Kind::kPlace},
      {"On which side is the cube?", Kind::kPlace},
      {"Who is there?", Kind::kPerson},
      {"Whose hat is it?", Kind::kPerson},
      {"Why is he running?", Kind::kReason},
      {"When was this taken?", Kind::kTime},
      {"How is the weather?", Kind::kManner},
      {"What is this?", Kind::kThing},
      {"What's that?", Kind::kThing},
      {"Which animal is on the left?", Kind::kThing},
      {"Describe the picture.", Kind::kThing},
      {"There are two boxes which have just blue items.", Kind::kYesNo},
      {"There is a cube; which color is it?", Kind::kColor},
      {"It has two items of which one is blue.", Kind::kYesNo},
      {"Is there a box with more than one blue or red shape?", Kind::kYesNo},
      {"The cube is on which side?", Kind::kPlace},
      {"dogs?", Kind::kUnknown},
      {"", Kind::kUnknown},
  };
  for (const auto& [question, kind] : cases)
    EXPECT_EQ(static_cast<int>(asked_for(question).kind), static_cast<int>(kind)) << question;
}

TEST(QuestionKind, WholePictureIsNothingButWhatIsThis) {
  for (const char* question :
       {"What is this?", "what's in the picture?", "What do you see?", "what is that",
        "What can you see in this image?", "Describe the scene.", "What objects are there?"})
    EXPECT_TRUE(asked_for(question).whole_picture) << question;
  for (const char* question :
       {"What is the dog doing?", "Where is this?", "What is on the left?", "Is this a dog?"})
    EXPECT_FALSE(asked_for(question).whole_picture) << question;
}

TEST(QuestionKind, AnswersFitOrNot) {
  const auto fit = [](const char* question, const char* answer) {
    return fits(asked_for(question), answer);
  };
  EXPECT_TRUE(fit("Is there a dog?", "yes"));
  EXPECT_FALSE(fit("Is there a dog?", "red"));
  EXPECT_FALSE(fit("Is there a dog?", "2"));
  for (const char* open : {"What is this?", "Where is it?", "Who is there?", "Why?", "When was it?",
                           "How is the weather?", "Which one is it?", "What colour is it?"}) {
    EXPECT_FALSE(fit(open, "yes")) << open;
    EXPECT_FALSE(fit(open, "No")) << open;
  }
  EXPECT_TRUE(fit("How many dogs?", "3"));
  EXPECT_TRUE(fit("How many dogs?", "three"));
  EXPECT_FALSE(fit("How many dogs?", "dogs"));
  EXPECT_FALSE(fit("How many dogs?", "yes"));
  EXPECT_TRUE(fit("What colour is it?", "black and white"));
  EXPECT_FALSE(fit("What colour is it?", "dog"));
  EXPECT_TRUE(fit("Is the cube red or blue?", "blue"));
  EXPECT_FALSE(fit("Is the cube red or blue?", "green"));
  EXPECT_FALSE(fit("Is the cube red or blue?", "yes"));
  EXPECT_FALSE(fit("Is the cube red or blue?", "cube"));
  EXPECT_TRUE(fit("Is it a cube, a sphere or a cone?", "sphere"));
  EXPECT_TRUE(fit("Is it on the left or on the right?", "left"));
  EXPECT_TRUE(fit("Is the player out or safe?", "out"));
  EXPECT_TRUE(fit("Are there more cubes or spheres?", "cubes"));
  EXPECT_FALSE(fit("What is this?", "2"));
  EXPECT_TRUE(fit("What time is it?", "10:30"));
  EXPECT_TRUE(fit("dogs?", "yes"));
}

TEST(QuestionKind, DenialIsSeen) {
  for (const char* question :
       {"Is there no dog?", "Is the cube not red?", "Are there cubes that aren't red?",
        "Is the picture without people?", "How many things other than cubes are there?"})
    EXPECT_TRUE(denies(question_words(question))) << question;
  for (const char* question : {"Is there a dog?", "Isn't there a dog?", "Is it red or not?"})
    EXPECT_FALSE(denies(question_words(question))) << question;
}

}  // namespace
}  // namespace beholder::text
