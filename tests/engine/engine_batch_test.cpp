// Many pictures, questions and threads at once say what one at a time says.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <thread>

#include "beholder/engine.hpp"
#include "core/file.hpp"
#include "support/tiny_model.hpp"

namespace beholder {
namespace {

using tests::error_of;
using tests::plain_pictures;
using tests::trained_workshop;

Engine load(bool int8 = false, std::uint64_t cache_bytes = 0) {
  EngineOptions options;
  options.threads = 1;
  options.int8 = int8;
  options.cache_bytes = cache_bytes;
  return Engine::load(trained_workshop().trained(), options);
}

const Engine& engine() {
  static const Engine loaded = load();
  return loaded;
}

const std::vector<std::string>& questions() {
  static const std::vector<std::string> all = {"what color is it?", "is it red?", "is there a dog?",
                                               "is it blue or green?"};
  return all;
}

std::vector<Picture> pictures(const Engine& with) {
  std::vector<Picture> out;
  for (const auto& plain : plain_pictures())
    out.push_back(with.encode(trained_workshop().picture(plain.file)));
  return out;
}

void expect_same(const Answer& a, const Answer& b) {
  EXPECT_EQ(a.text, b.text);
  EXPECT_EQ(a.abstained, b.abstained);
  EXPECT_NEAR(a.confidence, b.confidence, 1e-5);
  ASSERT_EQ(a.top_k.size(), b.top_k.size());
  for (std::size_t i = 0; i < a.top_k.size(); ++i)
    EXPECT_NEAR(a.top_k[i].probability, b.top_k[i].probability, 1e-5);
}

void expect_same(const Descriptions& a, const Descriptions& b) {
  ASSERT_EQ(a.list.size(), b.list.size());
  for (std::size_t i = 0; i < a.list.size(); ++i) {
    EXPECT_EQ(a.list[i].text, b.list[i].text);
    EXPECT_NEAR(a.list[i].probability, b.list[i].probability, 1e-5);
  }
}

TEST(EngineBatch, AnswersAsOneByOne) {
  for (const bool int8 : {false, true}) {
    const Engine own = load(int8);
    std::vector<Picture> shown;
    std::vector<std::string> asked;
    for (const Picture& picture : pictures(own))
      for (const std::string& question : questions()) {
        shown.push_back(picture);
        asked.push_back(question);
      }
    shown.push_back(Picture());  // words alone, among pictures
    asked.push_back(questions()[0]);
    AnswerOptions options;
    options.top_k = 3;
    const std::vector<Answer> together = own.answer(shown, asked, options);
    ASSERT_EQ(together.size(), shown.size());
    for (std::size_t i = 0; i < shown.size(); ++i)
      expect_same(together[i], own.answer(shown[i], asked[i], options));
    options.choices = {"red", "blue"};
    const std::vector<Answer> chosen = own.answer(shown, asked, options);
    for (std::size_t i = 0; i < shown.size(); ++i)
      expect_same(chosen[i], own.answer(shown[i], asked[i], options));
  }
}

TEST(EngineBatch, DescribesAsOneByOne) {
  for (const bool int8 : {false, true}) {
    const Engine own = load(int8);
    const std::vector<Picture> shown = pictures(own);
    DescribeOptions options;
    options.num = 2;
    for (const std::size_t size : {std::size_t{1}, std::size_t{3}, shown.size()})
      for (std::size_t begin = 0; begin < shown.size(); begin += size) {
        const std::vector<Picture> part(shown.begin() + begin,
                                        shown.begin() + std::min(shown.size(), begin + size));
        const auto together = own.describe(part, options);
        ASSERT_EQ(together.size(), part.size());
        for (std::size_t i = 0; i < part.size(); ++i)
          expect_same(together[i], own.describe(part[i], options));
      }
  }
}

TEST(EngineBatch, PreparedPicturesAreTheSamePictures) {
  std::vector<PreparedPicture> prepared;
  for (const auto& plain : plain_pictures()) {
    const auto bytes = read_file_bytes(trained_workshop().picture(plain.file));
    prepared.push_back(engine().prepare(bytes.data(), bytes.size(), plain.file));
  }
  const std::vector<Picture> encoded = engine().encode(prepared), own = pictures(engine());
  ASSERT_EQ(encoded.size(), own.size());
  for (std::size_t i = 0; i < own.size(); ++i) {
    EXPECT_EQ(encoded[i].width(), 48);
    EXPECT_EQ(encoded[i].height(), 40);
    EXPECT_GT(encoded[i].timing().decode, 0);
    expect_same(engine().answer(encoded[i], questions()[0]),
                engine().answer(own[i], questions()[0]));
  }
  EXPECT_EQ(error_of([] { engine().encode(std::vector<PreparedPicture>(1)); }).code(),
            ErrorCode::kUsage);
  EXPECT_TRUE(engine().encode(std::vector<PreparedPicture>()).empty());
}

TEST(EngineBatch, PicturesDecodedBeforehandAreTheSame) {
  const std::string file = plain_pictures()[0].file;
  const auto bytes = read_file_bytes(trained_workshop().picture(file));
  const DecodedPicture decoded = Engine::decode(bytes.data(), bytes.size(), file);
  const Picture picture = engine().encode(decoded);
  EXPECT_EQ(picture.width(), 48);
  expect_same(engine().answer(picture, questions()[0]),
              engine().answer(pictures(engine())[0], questions()[0]));
  EXPECT_EQ(error_of([&] { Engine::decode(bytes.data(), 20, file); }).code(),
            ErrorCode::kPictureCorrupt);
  EngineOptions small;
  small.max_pixels = 100;
  EXPECT_EQ(error_of([&] { Engine::decode(bytes.data(), bytes.size(), file, small); }).code(),
            ErrorCode::kPictureTooLarge);
}

TEST(EngineBatch, RefusesWhatDoesNotFit) {
  const std::vector<Picture> two(2);
  const std::vector<std::string> one(1, "is it red?");
  EXPECT_EQ(error_of([&] { engine().answer(two, one); }).code(), ErrorCode::kUsage);
  EXPECT_TRUE(engine().answer(std::vector<Picture>(), std::vector<std::string>()).empty());
  EXPECT_TRUE(engine().describe(std::vector<Picture>()).empty());
  EXPECT_EQ(error_of([&] { engine().describe(two); }).code(), ErrorCode::kUsage);
}

// Eight threads, a thousand answers each, on one engine.
TEST(EngineThreads, SayWhatOneThreadSays) {
  for (const bool int8 : {false, true}) {
    const Engine own = load(int8, 1u << 20);
    const std::vector<Picture> shown = pictures(own);
    std::vector<Answer> serial;
    for (const Picture& picture : shown)
      for (const std::string& question : questions())
        serial.push_back(own.answer(picture, question));
    std::atomic<int> different{0}, given{0};
    const auto work = [&](std::size_t first) {
      for (std::size_t i = 0; i < 1000; ++i) {
        const std::size_t at = (first * 5 + i) % serial.size();
        const std::size_t picture = at / questions().size();
        // Every tenth encodes its picture again, so that the cache is used by all threads too.
        const Picture again =
            i % 10 == 0 ? own.encode(trained_workshop().picture(plain_pictures()[picture].file))
                        : shown[picture];
        const Answer answer = own.answer(again, questions()[at % questions().size()]);
        if (answer.text != serial[at].text ||
            std::abs(answer.confidence - serial[at].confidence) > 1e-5)
          ++different;
        ++given;
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < 8; ++i) threads.emplace_back(work, i);
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(given, 8000);
    EXPECT_EQ(different, 0);
  }
}

TEST(EngineCache, FindsAPictureByItsContent) {
  const Engine own = load(false, 1u << 20);
  const auto path = trained_workshop().picture("r1.png");
  const Picture first = own.encode(path);
  io::TemporaryFolder folder;
  std::filesystem::copy_file(path, folder / "moved.png");
  const Picture moved = own.encode(folder / "moved.png");
  EXPECT_EQ(first.encoded(), moved.encoded());
  EXPECT_GT(first.timing().vision, 0);
  EXPECT_EQ(moved.timing().vision, 0);
  EXPECT_NE(own.encode(trained_workshop().picture("r2.png")).encoded(), first.encoded());
  EXPECT_NE(engine().encode(path).encoded(), engine().encode(path).encoded());  // cache_bytes = 0
}

TEST(EngineControl, StopsOnRequest) {
  std::atomic<bool> cancel{true};
  AnswerOptions answer;
  answer.cancel = &cancel;
  const Picture picture = pictures(engine())[0];
  EXPECT_EQ(error_of([&] { engine().answer(picture, "is it red?", answer); }).code(),
            ErrorCode::kCancelled);
  answer.choices = {"yes", "no"};
  EXPECT_EQ(error_of([&] { engine().answer(picture, "is it red?", answer); }).code(),
            ErrorCode::kCancelled);
  DescribeOptions describe;
  describe.cancel = &cancel;
  EXPECT_EQ(error_of([&] { engine().describe(picture, describe); }).code(), ErrorCode::kCancelled);
  describe.temperature = 1;
  EXPECT_EQ(error_of([&] { engine().describe(picture, describe); }).code(), ErrorCode::kCancelled);
  cancel = false;
  EXPECT_FALSE(engine().describe(picture, describe).list.empty());
}

TEST(EngineControl, HandsOnTextAsItIsWritten) {
  const Picture picture = pictures(engine())[0];
  for (const int beams : {1, 4})
    for (const double temperature : {0.0, 0.5}) {
      DescribeOptions options;
      options.consensus = false;
      options.num_beams = beams;
      options.temperature = temperature;
      std::string told;
      int pieces = 0;
      options.on_text = [&](const std::string& piece) {
        told += piece;
        ++pieces;
        return true;
      };
      const std::string text = engine().describe(picture, options).list.at(0).text;
      EXPECT_EQ(told, text);
      EXPECT_GE(pieces, 1);
      options.on_text = [](const std::string&) { return false; };
      EXPECT_EQ(error_of([&] { engine().describe(picture, options); }).code(),
                ErrorCode::kCancelled);
    }
  DescribeOptions options;
  options.on_text = [](const std::string&) { return true; };
  EXPECT_EQ(error_of([&] { engine().describe(picture, options); }).code(), ErrorCode::kUsage);
}

TEST(EngineScore, IsTheProbabilityOfWriting) {
  const Picture picture = pictures(engine())[0];  // red
  const Answer answer = engine().answer(picture, "what color is it?");
  const Score red = engine().score(picture, "what color is it?", "red");
  EXPECT_NEAR(std::exp(red.log_probability), answer.top_k[0].probability, 1e-4);
  EXPECT_GT(red.probability, engine().score(picture, "what color is it?", "blue").probability);
  DescribeOptions options;
  options.consensus = false;
  const Description best = engine().describe(picture, options).list.at(0);
  EXPECT_NEAR(engine().score(picture, best.text).probability, best.probability, 1e-4);
  EXPECT_EQ(error_of([&] { engine().score(picture, ""); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(error_of([&] { engine().score(Picture(), "a dog"); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(error_of([&] { engine().score(picture, "is it red?", ""); }).code(), ErrorCode::kUsage);
  std::string endless;
  for (int i = 0; i < 40; ++i) endless += "red ";
  EXPECT_EQ(error_of([&] { engine().score(picture, endless); }).code(), ErrorCode::kUsage);
}

TEST(EngineEmbed, VectorsOfLengthOne) {
  const auto length = [](const std::vector<float>& vector) {
    double total = 0;
    for (const float value : vector) total += value * value;
    return std::sqrt(total);
  };
  const auto shown = pictures(engine());
  EXPECT_NEAR(length(engine().embed(shown[0])), 1, 1e-5);
  EXPECT_NEAR(length(engine().embed("what color is it?")), 1, 1e-5);
  EXPECT_EQ(engine().embed(shown[0]), engine().embed(shown[0]));
  EXPECT_NE(engine().embed(shown[0]), engine().embed(shown[5]));
  EXPECT_EQ(error_of([] { engine().embed(Picture()); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(error_of([] { engine().embed(" "); }).code(), ErrorCode::kUsage);
}

TEST(EngineSkills, WhatAModelLacksIsATypedError) {
  const ModelInfo info = engine().info();
  EXPECT_EQ(info.skills, (std::vector<Skill>{Skill::kAnswer, Skill::kDescribe}));
  EXPECT_GT(info.parameter_bytes, 0u);
  EXPECT_EQ(info.max_question_tokens, 16);
  EXPECT_TRUE(engine().can(Skill::kAnswer));
  EXPECT_FALSE(engine().can(Skill::kObjects));
  const Picture picture = pictures(engine())[0];
  EXPECT_EQ(error_of([&] { engine().objects(picture); }).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of([&] { engine().relations(picture); }).code(), ErrorCode::kUnsupported);
  EXPECT_EQ(error_of([&] { engine().explain(picture, "why?"); }).code(), ErrorCode::kUnsupported);
}

}  // namespace
}  // namespace beholder
