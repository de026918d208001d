#include "eval/metric_wups.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "beholder/error.hpp"
#include "text/lemmatizer.hpp"

namespace beholder::eval {
namespace {

class WupsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!text::WordNet::installed()) GTEST_SKIP() << "wordnet-base is not installed";
    wordnet_ = std::make_unique<text::WordNet>();
  }
  std::unique_ptr<text::WordNet> wordnet_;
};

TEST_F(WupsTest, KnownSimilarities) {
  Wups wups(*wordnet_);
  EXPECT_DOUBLE_EQ(wups.item_similarity("chair", "chair"), 1);
  // nltk 3.10: the best of all noun senses; dog.n.01 and cat.n.01 alone are 0.857142857.
  EXPECT_GE(wups.item_similarity("dog", "cat"), 0.857142857);
  EXPECT_LT(wups.item_similarity("dog", "table"), 0.9);
  EXPECT_DOUBLE_EQ(wups.item_similarity("qwertyuiop", "dog"), 0);
}

// tools/golden_wups.py: the greatest similarity of any noun senses, by NLTK.
TEST_F(WupsTest, SimilaritiesAreThoseOfNltk) {
  std::ifstream file(std::filesystem::path(BEHOLDER_SOURCE_DIR) / "tests/golden/metrics/wups.json");
  const auto golden = nlohmann::json::parse(file);
  Wups wups(*wordnet_);
  for (const auto& row : golden.at("rows")) {
    std::string a = row[0], b = row[1];
    std::replace(a.begin(), a.end(), '_', ' ');
    std::replace(b.begin(), b.end(), '_', ' ');
    EXPECT_NEAR(wups.item_similarity(a, b), row[2].get<double>(), 1e-9) << a << ", " << b;
  }
  EXPECT_GT(golden.at("rows").size(), 500u);
}

TEST_F(WupsTest, ThresholdWeighsDownAndSetsCount) {
  Wups wups(*wordnet_);
  const double similar = wups.item_similarity("dog", "table");
  EXPECT_NEAR(wups.score("dog", "table", 0.9), 0.1 * similar, 1e-9);
  EXPECT_NEAR(wups.score("dog", "table", 0.0), similar, 1e-9);
  EXPECT_DOUBLE_EQ(wups.score("table, chair", "chair, table", 0.9), 1);
  EXPECT_LT(wups.score("chair", "chair, dog", 0.9), 1);
  EXPECT_DOUBLE_EQ(wups.score("", "chair", 0.0), 0);
  EXPECT_THROW(wups.score("a", "b", 1.5), Error);
}

// NLVR's labels are true and false; the accuracy takes them for yes and no.
TEST_F(WupsTest, TrueAndFalseAreYesAndNo) {
  Wups wups(*wordnet_);
  for (const double threshold : {0.0, 0.9}) {
    EXPECT_DOUBLE_EQ(wups.score("yes", "true", threshold), 1);
    EXPECT_DOUBLE_EQ(wups.score("False", "no", threshold), 1);
    EXPECT_DOUBLE_EQ(wups.score("yes", "false", threshold), wups.score("yes", "no", threshold));
  }
}

TEST_F(WupsTest, LemmasFollowTheExceptionLists) {
  EXPECT_EQ(text::lemma(*wordnet_, "men", text::PartOfSpeech::kNoun), "man");
  EXPECT_EQ(text::lemma(*wordnet_, "dogs", text::PartOfSpeech::kNoun), "dog");
  EXPECT_EQ(text::lemma(*wordnet_, "running", text::PartOfSpeech::kVerb), "run");
}

TEST(WordNetTest, MissingDatabaseSaysWhatToInstall) {
  EXPECT_FALSE(text::WordNet::installed("/nonexistent/wordnet"));
  try {
    const text::WordNet absent("/nonexistent/wordnet");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFileNotFound);
    EXPECT_NE(std::string(error.what()).find("wordnet-base"), std::string::npos);
  }
}

}  // namespace
}  // namespace beholder::eval
