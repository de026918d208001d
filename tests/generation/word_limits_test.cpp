#include "generation/word_limits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "beholder/error.hpp"
#include "generation/token_rules.hpp"
#include "generation/transformers_beam_search.hpp"
#include "text/word_joiner.hpp"
#include "text/words.hpp"

namespace beholder::generation {
namespace {

using Tokens = std::vector<std::int64_t>;

const std::vector<std::string> kPieces = {"",  "[END]", "a", "the", "dog", "cat",   "with", "##s",
                                          ",", ".",     "-", "'",   "s",   "\"",    "(",    "shirt",
                                          "?", "&",     "2", "on",  "in",  "grass", "##ing"};
constexpr std::int64_t kEnd = 1;

WordLimitsOptions limits(int least, int most, std::int64_t tokens = 40) {
  WordLimitsOptions out;
  out.min_words = least;
  out.max_words = most;
  out.pieces = kPieces;
  out.pieces[kEnd] = "";
  out.end_token = kEnd;
  out.max_new_tokens = tokens;
  return out;
}

std::string text_of(const Tokens& tokens, std::vector<std::string> pieces = {}) {
  for (const std::int64_t token : tokens)
    if (!kPieces[static_cast<std::size_t>(token)].empty())
      pieces.push_back(kPieces[static_cast<std::size_t>(token)]);
  return text::join_pieces(pieces);
}

/// What may follow, by piece.
std::vector<std::string> possible(const WordLimits& rule, const Tokens& written) {
  std::vector<float> row(kPieces.size(), 0);
  rule(written, row.data(), row.size());
  std::vector<std::string> out;
  for (std::size_t i = 0; i < row.size(); ++i)
    if (row[i] != generation::kImpossible) out.push_back(kPieces[i]);
  return out;
}

bool has(const std::vector<std::string>& list, const std::string& piece) {
  return std::find(list.begin(), list.end(), piece) != list.end();
}

TEST(WordLimits, NoEndBeforeTheLeast) {
  const WordLimits rule(limits(2, 0));
  EXPECT_FALSE(has(possible(rule, {}), "[END]"));
  EXPECT_FALSE(has(possible(rule, {4}), "[END]"));
  EXPECT_FALSE(has(possible(rule, {4, 7, 9}), "[END]")) << "a part and a mark are no words";
  EXPECT_TRUE(has(possible(rule, {4, 5}), "[END]"));
}

TEST(WordLimits, TheLastWordIsWholeAndAsksForNoOther) {
  const WordLimits rule(limits(0, 2));
  const auto before = possible(rule, {4});  // dog
  EXPECT_TRUE(has(before, "cat"));
  EXPECT_TRUE(has(before, "##s"));
  EXPECT_FALSE(has(before, "the"));
  EXPECT_FALSE(has(before, "with"));
  const auto full = possible(rule, {4, 5});  // dog cat
  EXPECT_TRUE(has(full, "[END]"));
  EXPECT_TRUE(has(full, "##s")) << "the word may go on";
  EXPECT_TRUE(has(full, "."));
  EXPECT_FALSE(has(full, "dog"));
  EXPECT_FALSE(has(full, ",")) << "nothing comes behind it";
  EXPECT_FALSE(has(full, "("));
  const auto hyphen = possible(rule, {4, 5, 10});  // dog cat-
  EXPECT_TRUE(has(hyphen, "shirt"));
  EXPECT_FALSE(has(hyphen, "[END]"));
  const auto possessive = possible(rule, {4, 5, 11});  // dog cat'
  EXPECT_TRUE(has(possessive, "s"));
  EXPECT_FALSE(has(possessive, "shirt"));
  // Where nothing else is possible, the end is.
  EXPECT_FALSE(has(possible(WordLimits(limits(1, 0)), {4, 6}), "[END]"));
  EXPECT_EQ(possible(WordLimits(limits(1, 3, 3)), {4, 6}), std::vector<std::string>{"[END]"});
}

TEST(WordLimits, ThePromptCounts) {
  WordLimitsOptions options = limits(3, 3);
  options.begun = {"a", "dog"};
  const WordLimits rule(options);
  EXPECT_FALSE(has(possible(rule, {}), "[END]"));
  EXPECT_TRUE(has(possible(rule, {5}), "[END]"));
  EXPECT_FALSE(has(possible(rule, {5}), "dog"));
  options.max_words = options.min_words = 1;
  EXPECT_THROW(WordLimits{options}, Error);
  EXPECT_THROW(WordLimits(limits(10, 0, 10)), Error) << "the end is a token too";
  EXPECT_NO_THROW(WordLimits(limits(9, 0, 10)));
}

/// Whatever a network would rather say, the text keeps the limits and comes to a clean end.
TEST(WordLimits, EverySearchKeepsThem) {
  std::mt19937 random(7);
  std::normal_distribution<float> normal;
  for (int trial = 0; trial < 300; ++trial) {
    const int least = static_cast<int>(random() % 8);
    const int most = random() % 4 == 0 ? 0 : least + static_cast<int>(random() % 5);
    const std::int64_t tokens = least + 2 + static_cast<std::int64_t>(random() % 20);
    WordLimitsOptions options = limits(least, most, tokens);
    if (most >= 2 && random() % 2 == 0) options.begun = {"a", "dog"};
    const std::vector<std::string> begun = options.begun;
    generation::GenerationOptions search;
    search.end_token = kEnd;
    search.max_new_tokens = tokens;
    search.num_beams = search.num_return = 1 + static_cast<std::int64_t>(random() % 3);
    search.restrict = WordLimits(std::move(options));
    const auto step = [&](const Tokens&, const Tokens& given) {
      std::vector<float> out(std::max<std::size_t>(1, given.size()) * kPieces.size());
      for (float& value : out) value = -std::abs(3 * normal(random));
      return out;
    };
    for (const bool reference : {false, true}) {
      const auto found = reference ? generation::transformers_beam_search(step, search)
                                   : generation::beam_search(step, search);
      ASSERT_FALSE(found.empty());
      const std::string text = text_of(found[0].tokens, begun);
      EXPECT_TRUE(within_words(text, least, most))
          << '"' << text << "\" for " << least << " to " << most;
      EXPECT_TRUE(found[0].finished) << text;
    }
  }
}

}  // namespace
}  // namespace beholder::generation
