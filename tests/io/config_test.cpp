#include "io/config.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>

#include "core/file.hpp"
#include "temporary_folder.hpp"

namespace beholder::io {
namespace {

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

/// The message of the error that `run` throws, its code checked.
std::string message_of(const std::function<void()>& run, ErrorCode code = ErrorCode::kModelFormat) {
  try {
    run();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return "";
}

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

Config sample() {
  return Config::parse(R"({"size": 16, "rate": 0.5, "on": true, "kind": "blip", "mean": [1, 2.5, 3],
                           "names": ["a", "b"], "dims": [4, 8], "none": null,
                           "vision": {"patch": 14, "deep": {"x": 1}},
                           "layers": [{"width": 1}, {"width": 2}]})",
                       "c.json");
}

TEST(Config, ReadsEachType) {
  const Config config = sample();
  EXPECT_EQ(config.integer("size", 1, 64), 16);
  EXPECT_EQ(config.number("rate", 0, 1), 0.5);
  EXPECT_EQ(config.number("size", 0, 16), 16.0);
  EXPECT_TRUE(config.boolean("on"));
  EXPECT_EQ(config.string("kind"), "blip");
  EXPECT_EQ(config.string("kind", {"git", "blip"}), "blip");
  EXPECT_EQ(config.numbers("mean", 3), (std::vector<double>{1, 2.5, 3}));
  EXPECT_EQ(config.integers("dims", 1, 8), (std::vector<std::int64_t>{4, 8}));
  EXPECT_EQ(config.strings("names"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(config.object("vision").object("deep").integer("x", 0, 1), 1);
  EXPECT_EQ(config.objects("layers").at(1).integer("width", 0, 9), 2);
}

TEST(Config, DefaultsStandForMissingAndNullOnly) {
  const Config config = sample();
  for (const char* key : {"none", "absent"}) {
    EXPECT_FALSE(config.has(key));
    EXPECT_EQ(config.integer_or(key, 7, 0, 9), 7);
    EXPECT_EQ(config.number_or(key, 0.25, 0, 1), 0.25);
    EXPECT_EQ(config.boolean_or(key, true), true);
    EXPECT_EQ(config.string_or(key, "d", {"d"}), "d");
    EXPECT_EQ(config.numbers_or(key, {1}, 1), (std::vector<double>{1}));
    EXPECT_EQ(config.strings_or(key, {"z"}), (std::vector<std::string>{"z"}));
  }
  EXPECT_EQ(config.integer_or("size", 7, 0, 99), 16);
  EXPECT_FALSE(Config::parse(R"({"a": false})", "c").boolean_or("a", true));
  message_of([&] { config.integer_or("kind", 7, 0, 9); });
  message_of([&] { config.integer_or("size", 7, 0, 9); });
  message_of([&] { config.string_or("kind", "d", {"d"}); });
}

TEST(Config, ErrorsNameFileKeyExpectedAndGot) {
  const Config config = sample();
  const std::string missing = message_of([&] { config.object("vision").integer("heads", 1, 64); });
  EXPECT_EQ(missing, "c.json: key 'vision.heads': expected an integer in [1, 64], got no such key");
  EXPECT_EQ(message_of([&] {
              config.string("kind", {"git", "vit"});
            }),
            "c.json: key 'kind': expected one of 'git', 'vit', got \"blip\"");
  EXPECT_HAS(message_of([&] { config.objects("layers")[1].boolean("width"); }),
             "'layers[1].width': expected true or false, got 2");
  EXPECT_HAS(message_of([&] { config.numbers("mean", 2); }), "2 numbers, got an array of 3");
  EXPECT_HAS(message_of([&] { config.integers("dims", 1, 7); }), "one is 8");
  EXPECT_HAS(message_of([&] { config.integers("mean", 0, 9); }), "one is 2.5");
  EXPECT_HAS(message_of([&] { config.strings("mean"); }), "one is 1");
  EXPECT_HAS(message_of([&] { config.objects("mean"); }), "one is 1");
  EXPECT_HAS(message_of([&] { config.object("mean"); }), "expected an object");
  EXPECT_HAS(message_of([&] { config.number("on", 0, 1); }), "got true");
  EXPECT_HAS(message_of([&] { config.number("rate", 0.6, 1); }), "[0.6, 1], got 0.5");
  EXPECT_HAS(message_of([&] { config.integer("none", 0, 1); }), "got null");
  EXPECT_HAS(message_of([&] { config.fail_at("size", "a multiple of 32"); }),
             "'size': expected a multiple of 32, got 16");
}

TEST(Config, IntegersAreStrictAtTheEdges) {
  const Config config = Config::parse(
      R"({"max": 9223372036854775807, "min": -9223372036854775808, "over": 9223372036854775808,
          "float": 3.0, "text": "3", "bool": true})",
      "c");
  EXPECT_EQ(config.integer("max", kMin, kMax), kMax);
  EXPECT_EQ(config.integer("min", kMin, kMax), kMin);
  for (const char* key : {"over", "float", "text", "bool"})
    message_of([&] { config.integer(key, kMin, kMax); });
  message_of([&] { config.integer("max", 0, kMax - 1); });
}

TEST(Config, RefusesTextThatIsNotStrictJson) {
  for (const char* text : {"", "{", "[]", "3", "{\"a\": 1,}", "{\"a\": 1} x", "{\"a\": NaN}",
                           "{\"a\": 1e999}", "{'a': 1}", "{\"a\": 1 // x\n}", "{\"a\": \"\xff\"}"})
    EXPECT_HAS(message_of([&] { Config::parse(text, "c.json"); }), "c.json: ") << text;
  EXPECT_HAS(message_of([] { Config::parse(std::string("{}\0{", 4), "c"); }), "position 2");
  EXPECT_HAS(message_of([] { Config::parse(R"({"a": {"b": 1, "b": 2}})", "c"); }),
             "key 'b' appears twice");
  EXPECT_NO_THROW(Config::parse(R"({"a": {"b": 1}, "c": {"b": 2}})", "c"));
}

TEST(Config, DepthIsBounded) {
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  EXPECT_NO_THROW(Config::parse(nested(63), "c"));
  EXPECT_HAS(message_of([&] { Config::parse(nested(64), "c"); }), "deeper");
  EXPECT_HAS(message_of([&] { Config::parse("{\"a\":" + std::string(1000000, '['), "c"); }),
             "deeper");
}

TEST(Config, CheckAllUsedNamesTheStrangerAndTheKnown) {
  const Config config = Config::parse(
      R"({"size": 1, "vision": {"patch": 14, "ptach": 7}, "layers": [{"w": 1}], "extra": {"q": 1}})",
      "c.json");
  EXPECT_HAS(message_of([&] { config.check_all_used(); }), "no key is");
  config.integer("size", 0, 9);
  config.integer_or("depth", 1, 0, 9);
  config.ignore("extra");
  for (const Config& layer : config.objects("layers")) layer.integer("w", 0, 9);
  const Config vision = config.object("vision");
  vision.integer("patch", 1, 64);
  const std::string message = message_of([&] { config.check_all_used(); });
  EXPECT_HAS(message, "c.json: key 'vision.ptach' is not known here; known: 'patch'");
  EXPECT_TRUE(vision.has("ptach"));
  message_of([&] { config.check_all_used(); });  // `has` alone is not a reading
  vision.integer("ptach", 0, 9);
  EXPECT_NO_THROW(config.check_all_used());
}

TEST(Config, CheckAllUsedLooksInsideArraysAndReadObjects) {
  const Config config = sample();
  for (const std::string& key : config.keys())
    if (key != "layers" && key != "vision") config.ignore(key);
  config.objects("layers")[0].integer("width", 0, 9);
  config.object("vision").ignore("patch");
  config.object("vision").ignore("deep");
  EXPECT_HAS(message_of([&] { config.check_all_used(); }), "'layers[1].width'");
}

TEST(Config, LoadsFilesAndTakesAnotherCode) {
  const TemporaryFolder folder;
  message_of([&] { Config::load(folder / "none.json"); }, ErrorCode::kFileNotFound);
  write_file_atomic(folder / "t.json", R"({"lr": "fast"})");
  const Config config = Config::load(folder / "t.json", ErrorCode::kDataFormat);
  EXPECT_EQ(config.name(), (folder / "t.json").string());
  message_of([&] { config.number("lr", 0, 1); }, ErrorCode::kDataFormat);
  EXPECT_NO_THROW(config.check_all_used());
  message_of([] { Config::parse("x", "c", ErrorCode::kDataFormat); }, ErrorCode::kDataFormat);
}

}  // namespace
}  // namespace beholder::io
