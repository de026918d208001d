#include "program/grammar.hpp"

#include <gtest/gtest.h>

#include "core/random.hpp"

namespace beholder::program {
namespace {

const std::vector<std::string>& words() {
  static const std::vector<std::string> list = {"[PAD]",
                                                "count",
                                                "exist",
                                                "scene",
                                                "filter_color[red]",
                                                "unique",
                                                "relate[left]",
                                                "query_shape",
                                                "union",
                                                "greater_than",
                                                "number[2]",
                                                "=yes",
                                                "filter_shape[stop sign]",
                                                "equal_color",
                                                "not",
                                                "nearest"};
  return list;
}

std::size_t place(const std::string& word) {
  for (std::size_t i = 0; i < words().size(); ++i)
    if (words()[i] == word) return i;
  ADD_FAILURE() << word;
  return 0;
}

TEST(Grammar, KnowsWhatMayFollow) {
  const Grammar grammar(words(), 12);
  EXPECT_TRUE(grammar.allows({}, place("count")));
  EXPECT_TRUE(grammar.allows({}, place("query_shape")));
  EXPECT_FALSE(grammar.allows({}, place("scene"))) << "a set is no answer";
  EXPECT_FALSE(grammar.allows({}, place("[PAD]")));
  EXPECT_FALSE(grammar.allows({}, place("=yes")));
  EXPECT_FALSE(grammar.allows({}, words().size()));
  const std::vector<std::size_t> counting = {place("count")};
  EXPECT_TRUE(grammar.allows(counting, place("filter_shape[stop sign]")));
  EXPECT_FALSE(grammar.allows(counting, place("unique"))) << "an object where a set is due";
  const std::vector<std::size_t> whole = {place("count"), place("scene")};
  EXPECT_TRUE(grammar.complete(whole));
  EXPECT_FALSE(grammar.complete(counting));
  EXPECT_FALSE(grammar.complete({}));
  EXPECT_FALSE(grammar.allows(whole, place("scene"))) << "nothing is due any more";
}

TEST(Grammar, LeavesRoomToComeToAnEnd) {
  const Grammar grammar(words(), 4);
  // "query_shape unique filter_color[red] scene" has four words, one more filter has no room.
  std::vector<std::size_t> written = {place("query_shape"), place("unique")};
  EXPECT_TRUE(grammar.allows(written, place("filter_color[red]")));
  EXPECT_FALSE(grammar.allows(written, place("union")));
  written.push_back(place("filter_color[red]"));
  EXPECT_FALSE(grammar.allows(written, place("filter_color[red]")));
  EXPECT_TRUE(grammar.allows(written, place("scene")));
}

TEST(Grammar, WhateverItLetsPassParses) {
  Random random(5);
  for (std::size_t length : {2, 5, 9, 30}) {
    const Grammar grammar(words(), length);
    for (int run = 0; run < 200; ++run) {
      std::vector<std::size_t> written;
      while (!grammar.complete(written)) {
        std::vector<std::size_t> next;
        for (std::size_t word = 0; word < words().size(); ++word)
          if (grammar.allows(written, word)) next.push_back(word);
        ASSERT_FALSE(next.empty()) << "a start without an end";
        written.push_back(random.among(next));
      }
      ASSERT_LE(written.size(), length);
      std::string text;
      for (const std::size_t word : written) text += words()[word] + " ";
      const Program program = program_from_text(text);
      EXPECT_EQ(program_words(program).size(), written.size()) << text;
    }
  }
}

}  // namespace
}  // namespace beholder::program
