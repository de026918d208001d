#include "data/derive_questions.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "beholder/error.hpp"
#include "data/derive_candidates.hpp"

namespace beholder::data {
namespace {

/// The answers of open candidates to a question, by any wording.
std::set<std::string> answers(const std::vector<std::string>& captions,
                              const std::string& question) {
  std::set<std::string> found;
  for (const OpenCandidate& candidate : open_candidates(PictureFacts(captions)))
    for (const std::string& wording : candidate.wordings)
      if (wording == question) found.insert(candidate.answer);
  return found;
}

/// "yes", "no" or "" where the question is not asked of the picture.
std::string yes_no(const std::vector<std::string>& captions, const std::string& question) {
  for (const YesNoCandidate& candidate : yes_no_candidates(PictureFacts(captions)))
    for (const std::string& wording : candidate.wordings)
      if (wording == question) return candidate.yes ? "yes" : "no";
  return "";
}

using Strings = std::set<std::string>;
const std::vector<std::string> kDog = {"A brown dog runs through the snow .",
                                       "A brown dog is running in the snow .",
                                       "The dog runs in deep snow with a red ball in its mouth ."};
const std::vector<std::string> kMan = {
    "A man in a red shirt rides a bike down the street .",
    "A man wearing a red shirt and a white hat is riding his bike .",
    "A man rides a bicycle on the street while holding a phone ."};

TEST(DeriveQuestions, OpenQuestionsAboutAnAnimal) {
  EXPECT_EQ(answers(kDog, "what color is the dog?"), Strings{"brown"});
  EXPECT_EQ(answers(kDog, "what is the dog doing?"), Strings{"running"});
  EXPECT_EQ(answers(kDog, "where is the dog?"), Strings{"in the snow"});
  EXPECT_EQ(answers(kDog, "how many dogs are there?"), Strings{"1"});
  EXPECT_EQ(answers(kDog, "what animal is this?"), Strings{"dog"});
  EXPECT_EQ(answers(kDog, "what is in the dog's mouth?"), Strings{"ball"});
  EXPECT_EQ(answers(kDog, "what is running?"), Strings{"dog"});
}

TEST(DeriveQuestions, OpenQuestionsAboutAPerson) {
  EXPECT_EQ(answers(kMan, "what is the man riding?"), Strings{"bike"});
  EXPECT_EQ(answers(kMan, "what is the man doing?"), Strings{"riding a bike"});
  EXPECT_EQ(answers(kMan, "what is the man wearing?"), Strings{"red shirt"});
  EXPECT_EQ(answers(kMan, "what is on the man's head?"), Strings{"hat"});
  EXPECT_EQ(answers(kMan, "what color is the man's shirt?"), Strings{"red"});
  EXPECT_EQ(answers(kMan, "where is the man?"), Strings{"on the street"});
  EXPECT_EQ(answers(kMan, "how many people are there?"), Strings{"1"});
}

TEST(DeriveQuestions, ConflictsAskNothing) {
  const std::vector<std::string> captions = {"A black dog sits .", "A white dog sits .",
                                             "Two dogs sit ."};
  EXPECT_TRUE(answers(captions, "what color is the dog?").empty());
  EXPECT_TRUE(answers(captions, "how many dogs are there?").empty());
  EXPECT_EQ(yes_no(captions, "is the dog black?"), "");
  EXPECT_TRUE(answers({"A dog with a tennis ball .", "A dog chews a tennis ball .", "A dog ."},
                      "what sport is this?")
                  .empty());
}

TEST(DeriveQuestions, YesNoKinds) {
  EXPECT_EQ(yes_no(kDog, "is there a dog?"), "yes");
  EXPECT_EQ(yes_no(kMan, "is there a dog?"), "no");
  EXPECT_EQ(yes_no(kDog, "is the dog brown?"), "yes");
  EXPECT_EQ(yes_no(kDog, "is the dog white?"), "no");
  EXPECT_EQ(yes_no(kDog, "is the dog tan?"), "") << "a shade of brown";
  EXPECT_EQ(yes_no(kDog, "is the dog running?"), "yes");
  EXPECT_EQ(yes_no(kDog, "is the dog sleeping?"), "no");
  EXPECT_EQ(yes_no(kDog, "is the dog in the snow?"), "yes");
  EXPECT_EQ(yes_no(kMan, "is the man in the snow?"), "no");
  EXPECT_EQ(yes_no(kMan, "is this outdoors?"), "yes");
  EXPECT_EQ(yes_no(kMan, "is this indoors?"), "no");
}

TEST(DeriveQuestions, ANoNeedsThatNothingNearIsMentioned) {
  const std::vector<std::string> skaters = {"A boy does a trick .", "A boy on a ramp ."};
  EXPECT_EQ(yes_no(skaters, "is there a skateboard?"), "");
  EXPECT_EQ(yes_no(skaters, "is there a person?"), "yes");
  EXPECT_EQ(yes_no({"An animal sits on a bed .", "An animal ."}, "is there a dog?"), "");
  EXPECT_EQ(yes_no({"A crowd at a game .", "A crowd ."}, "is there a man?"), "");
  EXPECT_EQ(yes_no({"Someone has no dog .", "A person ."}, "is there a dog?"), "");
}

/// Many pictures of two kinds, so that pairs of both answers can be found.
std::vector<CaptionRow> many() {
  std::vector<CaptionRow> rows;
  for (int i = 0; i < 60; ++i) {
    std::vector<std::string> captions = i % 2 == 0 ? kDog : kMan;
    if (i % 4 == 0)
      captions = {"A white dog sleeps on a bed .", "A white dog is sleeping on a bed .",
                  "The dog sleeps in a room ."};
    rows.push_back({"/pictures/" + std::to_string(i) + ".jpg", captions});
  }
  return rows;
}

TEST(DeriveQuestions, EveryYesNoSentenceIsBalanced) {
  const auto rows = derive_questions(many(), {});
  std::map<std::string, int> balance;
  std::map<std::string, int> per_picture;
  std::set<std::string> types;
  for (const DerivedRow& row : rows) {
    ++per_picture[row.image.string()];
    types.insert(row.type);
    if (row.type.rfind("yes/no", 0) == 0) {
      ASSERT_TRUE(row.answer == "yes" || row.answer == "no");
      balance[row.question] += row.answer == "yes" ? 1 : -1;
    } else {
      EXPECT_FALSE(row.evidence.empty());
    }
  }
  EXPECT_GT(balance.size(), 10u);
  for (const auto& [question, sum] : balance) EXPECT_EQ(sum, 0) << question;
  for (const auto& [picture, count] : per_picture) EXPECT_LE(count, 14) << picture;
  for (const char* type : {"yes/no existence", "yes/no action", "yes/no color", "yes/no place",
                           "count", "color", "doing", "where", "wearing", "riding", "who"})
    EXPECT_EQ(types.count(type), 1u) << type;
}

TEST(DeriveQuestions, NoQuestionTwiceOfOnePicture) {
  std::set<std::string> seen;
  for (const DerivedRow& row : derive_questions(many(), {}))
    EXPECT_TRUE(seen.insert(row.image.string() + " " + row.question).second) << row.question;
}

TEST(DeriveQuestions, SameSeedSameRowsOtherSeedOthers) {
  DeriveOptions options;
  options.max_per_picture = 5;
  const std::string first = derived_jsonl(derive_questions(many(), options), "/pictures");
  EXPECT_EQ(first, derived_jsonl(derive_questions(many(), options), "/pictures"));
  options.seed = 8;
  EXPECT_NE(first, derived_jsonl(derive_questions(many(), options), "/pictures"));
}

TEST(DeriveQuestions, RowsAreJsonLinesWithPathsFromTheOutput) {
  const std::vector<DerivedRow> rows = {{"sub/a.jpg", "q?", "yes", "t", {0, 2}},
                                        {"/abs/b.jpg", "q?", "no", "t", {}}};
  std::istringstream lines(derived_jsonl(rows, "out"));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(
      nlohmann::json::parse(line),
      nlohmann::json::parse(
          R"({"image":"../sub/a.jpg","question":"q?","answer":"yes","type":"t","evidence":[0,2]})"));
  std::getline(lines, line);
  EXPECT_EQ(nlohmann::json::parse(line).at("image"), "/abs/b.jpg");
}

TEST(DeriveQuestions, OptionsOutOfRange) {
  for (const DeriveOptions& options : {DeriveOptions{7, 1, 0.45}, DeriveOptions{7, 14, 1.5}}) {
    try {
      derive_questions(many(), options);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
    }
  }
  EXPECT_TRUE(derive_questions({}, {}).empty());
}

TEST(DeriveQuestions, StatisticsNameTypesAndAnswers) {
  const std::string text = derived_statistics(
      {{"a", "q?", "yes", "yes/no color", {}}, {"a", "q?", "red", "color", {0}}});
  EXPECT_NE(text.find("2 rows on 1 pictures, 50.0 % yes/no"), std::string::npos) << text;
  EXPECT_NE(text.find("red 1"), std::string::npos) << text;
}

}  // namespace
}  // namespace beholder::data
