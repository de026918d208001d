#include "models/description_confidence.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "engine/engine_impl.hpp"
#include "models/native/config.hpp"
#include "support/tiny_model.hpp"
#include "text/caption_lexicon.hpp"

namespace beholder::models {
namespace {

using tests::error_of;
using tests::trained_workshop;

Wording wording(const std::vector<std::string>& words, double log_probability) {
  Wording out;
  out.words = words;
  out.log_probabilities.assign(words.size(), log_probability / static_cast<double>(words.size()));
  out.rarity.assign(words.size(), 7);
  out.log_probability = log_probability;
  return out;
}

TEST(DescriptionConfidence, WordsOfAHypothesisAddUpToIt) {
  const auto vocabulary = text::OutputVocabulary::of({"a", "skate", "##board", "."});
  generation::Hypothesis hypothesis;
  hypothesis.tokens = {4, 5, 6, 7};
  hypothesis.token_log_probabilities = {-0.5, -1, -0.25, -2};
  hypothesis.log_probability = -4;
  const Wording found = wording_of(vocabulary, hypothesis);
  EXPECT_EQ(found.words, (std::vector<std::string>{"a", "skateboard", "."}));
  EXPECT_EQ(found.log_probabilities, (std::vector<double>{-0.5, -1.25, -2}));
  EXPECT_EQ(found.rarity, (std::vector<std::int64_t>{4, 5, 7}));
}

TEST(DescriptionConfidence, EvidenceIsWhatHypothesesAgreeOn) {
  const Wording dog = wording({"a", "dog", "runs"}, -3);
  const std::vector<Wording> all = {dog, wording({"two", "dogs"}, -3 - std::log(2.0)),
                                    wording({"a", "cat", "is", "running"}, -3 - std::log(4.0)),
                                    wording({"a", "ball"}, -300)};
  const std::vector<WordEvidence> found = word_evidence(dog, all, 0.25);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].word, "dog");
  EXPECT_EQ(found[1].word, "runs");
  EXPECT_NEAR(found[0].features[0], 0.5, 1e-9);
  EXPECT_NEAR(found[0].features[1], 1.5 / 1.75, 1e-9);
  EXPECT_NEAR(found[1].features[1], 1.25 / 1.75, 1e-9);
  EXPECT_NEAR(found[0].features[2], 0.5, 1e-9);
  EXPECT_NEAR(found[0].features[4], -1, 1e-9);
  EXPECT_EQ(found[0].features[9], 0.25);
  EXPECT_EQ(found[1].features[10], 1) << "a verb";
  EXPECT_EQ(found[0].features[13 + static_cast<int>(text::NounKind::kAnimal)], 1);
  EXPECT_TRUE(word_evidence(wording({"it", "is"}, -1), all, 0).empty());
}

TEST(DescriptionConfidence, IsTheMeanOfItsWordsAndHalfOnOtherGround) {
  DescriptionCalibration calibration;
  calibration.search.weights[0] = 2;
  calibration.alone.offset = -1;
  Written written;
  written.hypotheses = kAgreeing;
  written.evidence = {{"dog", {}}, {"runs", {}}};
  written.evidence[0].features[0] = 1;
  const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
  Description found;
  set_confidence(written, calibration, true, found);
  ASSERT_EQ(found.words.size(), 2u);
  EXPECT_EQ(found.words[0].word, "dog");
  EXPECT_NEAR(found.words[0].probability, sigmoid(2), 1e-9);
  EXPECT_NEAR(found.confidence, (sigmoid(2) + 0.5) / 2, 1e-9);
  Description strange;
  set_confidence(written, calibration, false, strange);
  EXPECT_NEAR(strange.confidence, found.confidence / 2, 1e-9);
  // Too few to compare.
  written.hypotheses = kAgreeing - 1;
  set_confidence(written, calibration, true, found);
  EXPECT_NEAR(found.confidence, sigmoid(-1), 1e-9);
  written.evidence.clear();
  set_confidence(written, calibration, true, found);
  EXPECT_EQ(found.confidence, 0) << "it says nothing";
}

TEST(DescriptionConfidence, WithheldOnesComeLast) {
  std::vector<Description> list(3);
  for (std::size_t i = 0; i < list.size(); ++i) {
    list[i].text = list[i].guess = std::string(1, static_cast<char>('a' + i));
    list[i].confidence = i == 0 ? 0.4 : 0.5;
  }
  auto cut = list;
  withhold(cut, 0.5, true);
  EXPECT_EQ(cut[0].text, "b");
  EXPECT_FALSE(cut[0].abstained);
  EXPECT_EQ(cut[2].text, kUnsure);
  EXPECT_EQ(cut[2].guess, "a");
  EXPECT_TRUE(cut[2].abstained);
  cut = list;
  withhold(cut, 0, true);
  EXPECT_EQ(cut[0].text, "a");
  withhold(cut, 0, false);
  for (const Description& one : cut) EXPECT_TRUE(one.abstained);
}

TEST(DescriptionConfidence, TheConfigurationKeepsIt) {
  models::native::ModelConfig config =
      models::native::load_model_config(trained_workshop().trained());
  EXPECT_FALSE(config.description_calibration);
  DescriptionCalibration calibration;
  calibration.search.weights[3] = -1.5;
  calibration.alone.offset = 0.25;
  calibration.min_confidence = 0.6;
  config.description_calibration = calibration;
  const auto read = [](const std::string& text) {
    return models::native::read_model_config(io::Config::parse(text, "config.json"));
  };
  const std::string text = models::native::write_model_config(config);
  const auto back = read(text).description_calibration;
  ASSERT_TRUE(back);
  EXPECT_EQ(back->search.weights, calibration.search.weights);
  EXPECT_EQ(back->alone.offset, 0.25);
  EXPECT_EQ(back->min_confidence, 0.6);
  for (const auto& [key, value] : std::vector<std::pair<std::string, nlohmann::json>>{
           {"/description_calibration/min_confidence", 1.5},
           {"/description_calibration/search/weights", {1, 2, 3}},
           {"/description_calibration/alone", 3}}) {
    nlohmann::json wrong = nlohmann::json::parse(text);
    wrong[nlohmann::json::json_pointer(key)] = value;
    EXPECT_EQ(error_of([&] { read(wrong.dump()); }).code(), ErrorCode::kModelFormat) << key;
  }
}

/// The workshop's model with a calibration whose confidence is the share of agreement, about.
class Calibrated : public ::testing::Test {
 protected:
  Calibrated() {
    std::filesystem::copy(trained_workshop().trained(), folder_ / "model");
    models::native::ModelConfig config = models::native::load_model_config(folder_ / "model");
    DescriptionCalibration calibration;
    calibration.search.offset = calibration.alone.offset = 1;
    calibration.search.weights[1] = 0.5;
    calibration.min_confidence = 0.9;
    config.description_calibration = calibration;
    tests::write_text(folder_ / "model/config.json", models::native::write_model_config(config));
    std::filesystem::remove(folder_ / "model/XXH128SUMS");
    engine_.emplace(Engine::load(folder_ / "model"));
    red_ = engine_->encode(trained_workshop().picture("r1.png"));
  }
  io::TemporaryFolder folder_;
  std::optional<Engine> engine_;
  Picture red_;
};

TEST_F(Calibrated, DescriptionsAreWithheldBelowTheThreshold) {
  EXPECT_NEAR(engine_->info().default_min_description_confidence, 0.9, 1e-9);
  DescribeOptions options;
  options.prefix = "sks, ";
  const Description unsure = engine_->describe(red_, options).list.at(0);
  EXPECT_TRUE(unsure.abstained);
  EXPECT_EQ(unsure.text, kUnsure) << "without the prefix";
  EXPECT_FALSE(unsure.words.empty());
  EXPECT_GT(unsure.confidence, 0.7);
  EXPECT_LT(unsure.confidence, 0.9);
  options.min_confidence = unsure.confidence - 1e-6;
  const Description given = engine_->describe(red_, options).list.at(0);
  EXPECT_FALSE(given.abstained);
  EXPECT_EQ(given.text, "sks, " + unsure.guess);
  EXPECT_EQ(given.guess, unsure.guess);
  options.min_confidence = 1.5;
  EXPECT_EQ(error_of([&] { engine_->describe(red_, options); }).code(), ErrorCode::kUsage);
}

TEST_F(Calibrated, AStreamNeverHandsOutWhatIsWithheld) {
  DescribeOptions options;
  options.consensus = false;
  options.prefix = "sks, ";
  options.suffix = ".";
  std::vector<std::string> pieces;
  options.on_text = [&](const std::string& piece) {
    pieces.push_back(piece);
    return true;
  };
  for (const int beams : {1, 5})
    for (const double threshold : {-1.0, 0.1, 0.0}) {
      options.num_beams = beams;
      options.min_confidence = threshold;
      pieces.clear();
      const Description one = engine_->describe(red_, options).list.at(0);
      std::string told;
      for (const std::string& piece : pieces) told += piece;
      EXPECT_EQ(told, one.text);
      EXPECT_EQ(one.abstained, threshold < 0);
      if (threshold != 0) {
        EXPECT_EQ(pieces.size(), 1u);
      } else {
        EXPECT_GT(pieces.size(), 1u);
      }
    }
  options.on_text = [](const std::string&) { return false; };
  options.min_confidence = -1;
  EXPECT_EQ(error_of([&] { engine_->describe(red_, options); }).code(), ErrorCode::kCancelled);
}

TEST(DescriptionConfidence, WithoutCalibrationItIsTheProbabilityAndNoneIsWithheld) {
  const Engine engine = Engine::load(trained_workshop().trained());
  const Picture red = engine.encode(trained_workshop().picture("r1.png"));
  const Description one = engine.describe(red).list.at(0);
  EXPECT_FALSE(one.abstained);
  EXPECT_EQ(one.text, one.guess);
  EXPECT_EQ(one.confidence, one.probability);
  EXPECT_TRUE(one.words.empty());
  DescribeOptions strict;
  strict.min_confidence = 1;
  EXPECT_TRUE(engine.describe(red, strict).list.at(0).abstained);
}

TEST(DescriptionConfidence, OfPublishedModelsToo) {
  const std::string folder = std::string(BEHOLDER_SOURCE_DIR) + "/tests/golden/blip/";
  const Engine engine = Engine::load(folder + "caption");
  const Picture wide = engine.encode(folder + "wide.png");
  DescribeOptions options;
  options.num_beams = 1;
  const Description one = engine.describe(wide, options).list.at(0);
  EXPECT_FALSE(one.abstained);
  EXPECT_EQ(one.confidence, one.probability);
  EXPECT_EQ(one.text, one.guess);
  options.min_confidence = 1;
  const Description withheld = engine.describe(wide, options).list.at(0);
  EXPECT_EQ(withheld.text, kUnsure);
  EXPECT_EQ(withheld.guess, one.guess);
}

}  // namespace
}  // namespace beholder::models
