#include "text/reading_question.hpp"

#include <gtest/gtest.h>

#include <string>

namespace beholder::text {
namespace {

using Wanted = ReadingQuestion::Wanted;

void expect(const std::string& question, Wanted wanted, bool only_written) {
  const auto found = reading_question(question);
  ASSERT_TRUE(found.has_value()) << question;
  EXPECT_EQ(static_cast<int>(found->wanted), static_cast<int>(wanted)) << question;
  EXPECT_EQ(found->only_written, only_written) << question;
}

TEST(ReadingQuestion, AsksForWords) {
  for (const char* question :
       {"what does the sign say?", "What does it say on the car?", "what do the street signs say?",
        "What is written on the kite?", "what's written there?", "what is printed on the bag",
        "what does the sign read?", "read the sign", "can you read the text?",
        "which word is this?", "what is the word at the top?",
        "what four letter word would this man shout?", "what is the text on the poster?",
        "what does this sign tell, what does it say?",
        "What does the text at the very bottom of the cup say?"})
    expect(question, Wanted::kText, true);
  for (const char* question :
       {"what is the name of this street?", "what name is on the wine glass?",
        "what brand of soda is it?", "what is the name of the store?",
        "what is the brand of the phone?", "what street is on this sign?"})
    expect(question, Wanted::kText, false);
}

TEST(ReadingQuestion, AsksForNumbersLettersAndTimes) {
  for (const char* question :
       {"what number is on the shirt?", "what is the number of the bus?",
        "what number bus is this?", "what numbers are on the sign?", "what is the phone number?",
        "what is the license plate?", "what digits are on the door?"})
    expect(question, Wanted::kNumber, false);
  expect("what letters are on the plate?", Wanted::kLetters, true);
  expect("what letter is on the tennis racket?", Wanted::kLetters, true);
  expect("what time does the clock say?", Wanted::kTime, false);
  expect("what is the time on the clock?", Wanted::kTime, false);
  expect("what is the date on the receipt?", Wanted::kDate, false);
}

TEST(ReadingQuestion, AsksForAmounts) {
  for (const char* question :
       {"what is the total?", "What is the total amount?", "how much is the total?",
        "what was the grand total", "what is the total price of the bill?"})
    expect(question, Wanted::kTotal, true);
  expect("how much does it cost?", Wanted::kPrice, false);
  expect("what is the price of the apples?", Wanted::kPrice, false);
}

TEST(ReadingQuestion, LeavesOtherQuestionsAlone) {
  for (const char* question : {"what is this?",
                               "what color are the letters on the street sign?",
                               "what is the number of people standing?",
                               "what number of bricks are under this bench?",
                               "what is the total number of cats?",
                               "what shape is this sign?",
                               "what kind of sign is this?",
                               "what time of day is it?",
                               "what time is it?",
                               "is something written on the wall?",
                               "where is the number?",
                               "how many words are there?",
                               "what does the man read?",
                               "what is the name of this animal?",
                               "what is the woman reading?",
                               "why does it cost so much?",
                               "is the word red?",
                               "what number is the small hand on?",
                               "what is the red sign?",
                               "how much snow is there?",
                               "what",
                               "",
                               "what is the dog doing?",
                               "what is on the plate?"})
    EXPECT_FALSE(reading_question(question).has_value()) << question;
}

}  // namespace
}  // namespace beholder::text
