#include "text/caption_grammar.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace beholder::text {
namespace {

/// "subject|verb|preposition|object" of every relation that has an object.
std::vector<std::string> relations(const CaptionFacts& facts) {
  std::vector<std::string> out;
  for (const CaptionRelation& r : facts.relations)
    if (r.subject >= 0 && r.object >= 0)
      out.push_back(facts.phrases[r.subject].noun + "|" + r.verb + "|" + r.preposition + "|" +
                    facts.phrases[r.object].noun);
  return out;
}

bool has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

TEST(CaptionGrammar, NounPhrasesCarryColourAndNumber) {
  const auto facts = parse_caption("Two black and white dogs chase a small , red ball .");
  ASSERT_EQ(facts.phrases.size(), 2u);
  EXPECT_EQ(facts.phrases[0].noun, "dog");
  EXPECT_EQ(facts.phrases[0].count, 2);
  EXPECT_EQ(facts.phrases[0].colors, (std::vector<std::string>{"black", "white"}));
  EXPECT_EQ(facts.phrases[1].noun, "ball");
  EXPECT_EQ(facts.phrases[1].count, 1);
  EXPECT_EQ(facts.phrases[1].colors, (std::vector<std::string>{"red"}));
  EXPECT_TRUE(has(relations(facts), "dog|chasing||ball"));
}

TEST(CaptionGrammar, ClothesBelongToWhoWearsThem) {
  const auto found = relations(
      parse_caption("A woman in a blue helmet and brown shorts rides her bike on a busy street ."));
  EXPECT_TRUE(has(found, "woman|wearing||helmet"));
  EXPECT_TRUE(has(found, "woman|wearing||shorts"));
  EXPECT_TRUE(has(found, "woman|riding||bike"));
  EXPECT_TRUE(has(found, "woman|riding|on|street"));
}

TEST(CaptionGrammar, TheWatchedOneIsTheOneThatRuns) {
  const auto facts = parse_caption("A man is watching a dog running through the snow .");
  EXPECT_TRUE(has(relations(facts), "dog|running|through|snow"));
  EXPECT_FALSE(has(relations(facts), "man|running|through|snow"));
}

TEST(CaptionGrammar, AttemptsAndNegationsAreNoFacts) {
  for (const char* caption :
       {"A dog is trying to catch a ball .", "A boy is about to kick a ball ."})
    for (const std::string& relation : relations(parse_caption(caption)))
      EXPECT_EQ(relation.find("|ball"), std::string::npos) << caption << ": " << relation;
  const auto facts = parse_caption("A man with no hat .");
  EXPECT_FALSE(facts.phrases.back().real);
}

TEST(CaptionGrammar, CompoundsAreOneThing) {
  const auto found = relations(parse_caption("A girl in a pink bathing suit on a rocking horse ."));
  EXPECT_TRUE(has(found, "girl|wearing||swimsuit"));
  EXPECT_TRUE(has(found, "girl||on|toy"));
}

TEST(CaptionGrammar, AnythingAtAllIsAccepted) {
  for (const char* caption :
       {"", " . ", "of of of", "A", "'s 's", "\xff\xfe ( ) 12 and and", "in in"})
    EXPECT_NO_THROW(parse_caption(caption)) << caption;
}

}  // namespace
}  // namespace beholder::text
