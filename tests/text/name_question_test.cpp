#include "text/name_question.hpp"

#include <gtest/gtest.h>

namespace beholder::text {
namespace {

using Kind = NameQuestion::Kind;

void expect(const char* question, Kind kind, const char* noun) {
  const auto got = name_question(question);
  ASSERT_TRUE(got) << question;
  EXPECT_EQ(got->kind, kind) << question;
  EXPECT_EQ(got->noun, noun) << question;
}

TEST(NameQuestion, WhatIsThis) {
  for (const char* question :
       {"what is this?", "What's this?", "what is that?", "what is it?", "What is in the picture?",
        "what's in this photo?", "what does the image show?", "what is shown here?"})
    expect(question, Kind::kWhatIs, "");
}

TEST(NameQuestion, WhichKindOfANoun) {
  expect("what animal is this?", Kind::kWhichKind, "animal");
  expect("Which animal is shown?", Kind::kWhichKind, "animal");
  expect("which animal is shown in the picture?", Kind::kWhichKind, "animal");
  expect("what kind of dog is it?", Kind::kWhichKind, "dog");
  expect("what type of food is in the picture?", Kind::kWhichKind, "food");
  expect("what breed of dog is that?", Kind::kWhichKind, "dog");
  expect("what sort of musical instrument is this?", Kind::kWhichKind, "musical instrument");
  expect("what animal do you see?", Kind::kWhichKind, "animal");
  expect("what animals are there?", Kind::kWhichKind, "animals");
  expect("what kind of bird?", Kind::kWhichKind, "bird");
}

TEST(NameQuestion, PresenceOfANoun) {
  expect("is there a bird?", Kind::kPresence, "bird");
  expect("Is there a bird in the picture?", Kind::kPresence, "bird");
  expect("are there any dogs?", Kind::kPresence, "dogs");
  expect("are there dogs here?", Kind::kPresence, "dogs");
  expect("is this a dog?", Kind::kPresence, "dog");
  expect("are these apples?", Kind::kPresence, "apples");
  expect("do you see a cat?", Kind::kPresence, "cat");
  expect("can you see a fire hydrant in this image?", Kind::kPresence, "fire hydrant");
  expect("does the picture show a car?", Kind::kPresence, "car");
  expect("is this a picture of a cat?", Kind::kPresence, "cat");
}

TEST(NameQuestion, NothingElse) {
  for (const char* question : {"",
                               "dogs?",
                               "is there no dog?",
                               "isn't there a dog?",
                               "is there a cat or a dog?",
                               "is the dog black?",
                               "is there a dog on the table?",
                               "is there a dog next to a cat?",
                               "is the dog running?",
                               "what color is the dog?",
                               "what is the dog doing?",
                               "what is happening?",
                               "describe the picture",
                               "how many dogs are there?",
                               "what is on the table?",
                               "what animal is on the left?",
                               "what animal is this man riding?",
                               "who is this?",
                               "where is the dog?",
                               "is there a dog without a collar?",
                               "is it raining?",
                               "is this",
                               "what is the dog?",
                               "what else is there besides a dog?",
                               "list the objects"})
    EXPECT_FALSE(name_question(question)) << question;
}

}  // namespace
}  // namespace beholder::text
