// Rules of the words of descriptions, on published models (against the reference:
// tools/golden_logits.py) and on the bundled one.
#include "generation/caption_rules.hpp"

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "beholder/engine.hpp"
#include "support/text_files.hpp"
#include "text/vocabulary_file.hpp"
#include "text/word_joiner.hpp"
#include "text/words.hpp"

namespace beholder::generation {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using tests::error_of;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;
const fs::path kBlip = kRoot / "tests/golden/blip";

const Engine& published() {
  static const Engine engine = Engine::load(kBlip / "caption");
  return engine;
}
const Engine& bundled() {
  static const Engine engine = Engine::load(kRoot / "models/beholder");
  return engine;
}
const Picture& photo() {
  static const Picture picture = bundled().encode(kRoot / "samples/cat.jpg");
  return picture;
}

/// What the reference's tokens say behind a prompt.
std::string said(const std::string& prompt, const Json& tokens) {
  static const auto words = text::read_vocabulary_file(kBlip / "caption/vocab.txt");
  std::vector<std::string> pieces;
  std::istringstream in(prompt);
  for (std::string word; in >> word;) pieces.push_back(word);
  for (const std::int64_t id : tokens)
    if (id > 4 && id < static_cast<std::int64_t>(words.size()))
      pieces.push_back(words[static_cast<std::size_t>(id)]);
  return text::join_pieces(pieces);
}

TEST(CaptionRules, PublishedModelsKeepThemAsTheReferenceDoes) {
  const Json all = Json::parse(tests::read_text(kBlip / "caption/golden_logits.json"));
  std::map<std::string, Picture> pictures;
  std::size_t greedy = 0, beams = 0;
  for (const Json& row : all["rows"]) {
    const auto [picture, added] = pictures.try_emplace(row["picture"].get<std::string>());
    if (added) picture->second = published().encode(kBlip / picture->first);
    DescribeOptions options;
    options.prompt = row["prompt"];
    options.max_new_tokens = all["limit"];
    options.length_penalty = row.value("length_penalty", 1.0);
    options.repetition_penalty = row.value("repetition_penalty", 1.0);
    options.no_repeat_ngram = row.value("no_repeat_ngram_size", 0);
    options.min_new_tokens = row.value("min_new_tokens", 0);
    options.num_beams = 1;
    EXPECT_EQ(published().describe(picture->second, options).list.at(0).text,
              said(options.prompt, row["greedy"]))
        << row;
    ++greedy;
    options.num_beams = 3;
    options.num = static_cast<int>(row["beams"].size());
    const auto found = published().describe(picture->second, options).list;
    std::vector<std::string> wanted;
    for (const Json& tokens : row["beams"]) wanted.push_back(said(options.prompt, tokens));
    ASSERT_FALSE(found.empty());
    for (std::size_t i = 0; i < std::min(found.size(), wanted.size()); ++i)
      EXPECT_EQ(found[i].text, wanted[i]) << row;
    ++beams;
  }
  EXPECT_EQ(greedy, 96u);
  EXPECT_EQ(beams, 96u);
}

DescribeOptions words(int least, int most, int beams = 5) {
  DescribeOptions out;
  out.min_words = least;
  out.max_words = most;
  out.num_beams = beams;
  out.max_new_tokens = 39;
  out.min_confidence = 0;
  return out;
}

TEST(CaptionRules, BothKindsOfModelsKeepTheNumberOfWords) {
  const Picture wide = published().encode(kBlip / "wide.png");
  for (const auto& [least, most] : std::vector<std::pair<int, int>>{
           {0, 1}, {0, 3}, {1, 1}, {4, 4}, {6, 9}, {12, 0}, {15, 15}, {20, 22}, {0, 30}})
    for (const int beams : {1, 4})
      for (const double temperature : {0.0, 1.0}) {
        DescribeOptions options = words(least, most, beams);
        options.temperature = temperature;
        for (const auto& [engine, picture] :
             {std::pair{&published(), &wide}, {&bundled(), &photo()}}) {
          const std::string text = engine->describe(*picture, options).list.at(0).text;
          const auto count = text::count_words(text);
          EXPECT_GE(static_cast<int>(count.words), least) << text;
          if (most > 0) {
            EXPECT_LE(static_cast<int>(count.parts), most) << text;
          }
        }
      }
  DescribeOptions prompted = words(5, 5);
  prompted.prompt = "a photograph of";
  const std::string text = published().describe(wide, prompted).list.at(0).text;
  EXPECT_EQ(text.rfind("a photograph of", 0), 0u) << text;
  EXPECT_EQ(text::count_words(text).words, 5u) << text;
  prompted = words(0, 2);
  prompted.prompt = "a photograph of";
  EXPECT_EQ(error_of([&] { published().describe(wide, prompted); }).code(), ErrorCode::kUsage);
}

TEST(CaptionRules, TheBundledModelEndsOnNoWordThatAsksForAnother) {
  const std::set<std::string> asking = {"a", "an", "the", "with", "of", "in", "on", "and", "is"};
  for (int most = 2; most <= 10; ++most) {
    DescribeOptions options = words(0, most, 10);
    options.num = 5;
    for (const Description& one : bundled().describe(photo(), options).list)
      EXPECT_EQ(asking.count(one.guess.substr(one.guess.find_last_of(' ') + 1)), 0u) << one.guess;
  }
}

TEST(CaptionRules, TheBundledModelRepeatsNoMoreThanAllowed) {
  DescribeOptions options = words(25, 0, 3);
  options.no_repeat_ngram = 1;
  options.consensus = false;
  const std::string text = bundled().describe(photo(), options).list.at(0).guess;
  std::set<std::string> seen;
  std::istringstream in(text);
  for (std::string word; in >> word;) EXPECT_TRUE(seen.insert(word).second) << text;
  DescribeOptions freely = options, strictly = options;
  freely.no_repeat_ngram = strictly.no_repeat_ngram = 0;
  strictly.repetition_penalty = 5;
  const auto different = [&](const DescribeOptions& asked) {
    std::set<std::string> out;
    std::istringstream all(bundled().describe(photo(), asked).list.at(0).guess);
    for (std::string word; all >> word;) out.insert(word);
    return out.size();
  };
  EXPECT_GT(different(strictly), different(freely));
  // What is not asked for is as it was: 3, and no penalty.
  DescribeOptions own;
  own.no_repeat_ngram = 3;
  EXPECT_EQ(bundled().describe(photo(), own).list.at(0).guess,
            bundled().describe(photo(), {}).list.at(0).guess);
}

TEST(CaptionRules, LiteralTextStandsAroundEachAndInTheStream) {
  DescribeOptions options;
  options.num = 3;
  options.min_confidence = 0;
  const auto plain = bundled().describe(photo(), options).list;
  options.prefix = "sks, ";
  options.suffix = " (café)";
  const auto found = bundled().describe(photo(), options).list;
  ASSERT_EQ(found.size(), plain.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found[i].text, "sks, " + plain[i].text + " (café)");
  options.num = 1;
  options.consensus = false;
  std::string streamed;
  options.on_text = [&](const std::string& piece) {
    streamed += piece;
    return true;
  };
  EXPECT_EQ(bundled().describe(photo(), options).list.at(0).text, streamed);
  EXPECT_EQ(streamed.rfind("sks, ", 0), 0u) << streamed;
  const Picture scene = bundled().encode(kRoot / "samples/scene.png");
  streamed.clear();
  const std::string shapes = bundled().describe(scene, options).list.at(0).text;
  EXPECT_EQ(shapes, streamed);
  EXPECT_EQ(shapes.rfind("sks, ", 0), 0u);
}

TEST(CaptionRules, WhatIsOutOfRangeIsNamed) {
  const auto refused = [](const std::function<void(DescribeOptions&)>& change,
                          const std::string& named) {
    DescribeOptions options;
    change(options);
    const Error error = error_of([&] { bundled().describe(photo(), options); });
    EXPECT_EQ(error.code(), ErrorCode::kUsage) << named;
    EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
  };
  refused([](auto& o) { o.min_words = -1; }, "0 (no limit) and 1000");
  refused([](auto& o) { o.max_words = 1001; }, "0 (no limit) and 1000");
  refused([](auto& o) { o.min_words = 5, o.max_words = 4; }, "must not be above");
  refused([](auto& o) { o.min_words = 60; }, "at most");
  refused([](auto& o) { o.repetition_penalty = 0; }, "above 0");
  refused([](auto& o) { o.repetition_penalty = -1; }, "above 0");
  refused([](auto& o) { o.min_new_tokens = 30; }, "max_new_tokens");
  refused([](auto& o) { o.min_new_tokens = -2; }, "0 or more");
  refused([](auto& o) { o.prefix = "a\nb"; }, "line break");
  refused([](auto& o) { o.suffix = "\xff"; }, "UTF-8");
}

}  // namespace
}  // namespace beholder::generation
