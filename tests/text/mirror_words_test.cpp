#include "text/mirror_words.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace beholder::text {
namespace {

TEST(MirrorWords, ExchangesSides) {
  const std::pair<const char*, const char*> cases[] = {
      {"what is on the left side of the lamp?", "what is on the right side of the lamp?"},
      {"what is to the right of the bed?", "what is to the left of the bed?"},
      {"a dog in the bottom right corner", "a dog in the bottom left corner"},
      {"his left arm and her right hand", "his right arm and her left hand"},
      {"the leftmost chair", "the rightmost chair"},
      {"left", "right"},
      {"Left", "Right"},
      {"RIGHT", "LEFT"},
      {"is it on the left or right?", "is it on the right or left?"},
  };
  for (const auto& [text, mirrored] : cases) {
    EXPECT_EQ(mirror_words(text), mirrored);
    EXPECT_EQ(mirror_words(mirrored), text) << "twice is the same again";
  }
}

TEST(MirrorWords, LeavesOtherUses) {
  for (const char* text :
       {"the man left", "right behind the sofa", "all right", "what did she leave?",
        "a bright leaf", "two people left behind", "", "   ", "an upright piano", "cleft lip"})
    EXPECT_EQ(mirror_words(text), text);
}

}  // namespace
}  // namespace beholder::text
