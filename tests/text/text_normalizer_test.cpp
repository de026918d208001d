#include "text/text_normalizer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace beholder::text {
namespace {

using namespace std::string_literals;

std::string utf8(std::uint32_t code) {
  std::string out;
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += {static_cast<char>(0xC0 | code >> 6), static_cast<char>(0x80 | (code & 0x3F))};
  } else if (code < 0x10000) {
    out += {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
            static_cast<char>(0x80 | (code & 0x3F))};
  } else {
    out += {static_cast<char>(0xF0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 0x3F)),
            static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
  }
  return out;
}

std::vector<std::string> words(const std::string& normalized) {
  const auto views = split_words(normalized);
  return {views.begin(), views.end()};
}

TEST(TextNormalizerTest, EveryCodePointEqualsTheReference) {
  std::ifstream file(BEHOLDER_SOURCE_DIR "/tests/golden/tokenizer/code_points.json");
  const nlohmann::json golden = nlohmann::json::parse(file);
  const auto block = golden.at("block").get<std::uint32_t>();
  const auto& hashes = golden.at("hashes");
  ASSERT_EQ(hashes.size() * block, 0x110000U);
  for (std::uint32_t start = 0; start < 0x110000; start += block) {
    std::uint64_t hash = 0xCBF29CE484222325U;  // FNV-1a
    for (std::uint32_t code = start; code < start + block; ++code) {
      if (code >= 0xD800 && code < 0xE000) continue;
      const std::string text = normalize("a" + utf8(code) + "B");
      std::string line = text + "|";
      for (const std::string_view word : split_words(text)) {
        if (line.size() > text.size() + 1) line += '/';
        line += word;
      }
      line += '\n';
      for (const char c : line) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    char hex[17];
    std::snprintf(hex, sizeof hex, "%016llx", static_cast<unsigned long long>(hash));
    EXPECT_EQ(hex, hashes[start / block].get<std::string>())
        << "block from U+" << std::hex << start;
  }
}

TEST(TextNormalizerTest, RemovesControlsAndKeepsSpaces) {
  EXPECT_EQ(normalize("a\tb\nc\rd"), "a b c d");
  EXPECT_EQ(normalize("a\0b\x0B\x0C\x1F\x7F"s), "ab");
  EXPECT_EQ(normalize("a\u200Bb\uFEFFc\uFFFDd\uE000e"), "abcde");
  EXPECT_EQ(normalize("a\u00A0b\u3000c\u2028d"), "a b c d");
}

TEST(TextNormalizerTest, StripsAccentsAndLowersEachCharacter) {
  EXPECT_EQ(normalize("Ünïcödé ÅNGSTRÖM"), "unicode angstrom");
  EXPECT_EQ(normalize("e\u0301\u0323"), "e");
  EXPECT_EQ(normalize("İI"), "ii");
  EXPECT_EQ(normalize("ΟΔΟΣ"), "οδοσ");  // no final sigma
  EXPECT_EQ(normalize("Straße"), "straße");
}

TEST(TextNormalizerTest, OptionsSwitchEachStepOff) {
  EXPECT_EQ(normalize("Éa", {false, false, true}), "Éa");
  EXPECT_EQ(normalize("Éa", {false, true, true}), "Ea");
  EXPECT_EQ(normalize("Éa", {true, false, true}), "éa");
  EXPECT_EQ(normalize("İ", {true, false, true}), "i\u0307");
  EXPECT_EQ(normalize("a中b"), "a 中 b");
  EXPECT_EQ(normalize("a中b", {true, true, false}), "a中b");
}

TEST(TextNormalizerTest, MalformedUtf8IsDropped) {
  EXPECT_EQ(normalize("a\xFF"
                      "b"),
            "ab");
  EXPECT_EQ(normalize("\xE2\x82"
                      "A"),
            "a");                                          // truncated
  EXPECT_EQ(normalize("\xED\xA0\x80x"), "x");              // surrogate
  EXPECT_EQ(normalize("\xC0\xAF\xF4\x90\x80\x80x"), "x");  // overlong; above U+10FFFF
  EXPECT_EQ(normalize("x\xC3"), "x");
}

TEST(TextNormalizerTest, MarksSortByCombiningClassBeforeTheyAreFiltered) {
  // Mc marks with a class stay and are ordered: U+1D165 (216) before U+1D16D (226).
  EXPECT_EQ(normalize("\U0001D16D\U0001D165"), "\U0001D165\U0001D16D");
}

TEST(TextNormalizerTest, SplitsAtSpacesAndIsolatesPunctuation) {
  EXPECT_EQ(words("the man's t-shirt?"),
            (std::vector<std::string>{"the", "man", "'", "s", "t", "-", "shirt", "?"}));
  EXPECT_EQ(words("  $5 \u2014\u00BFa "),
            (std::vector<std::string>{"$", "5", "\u2014", "\u00BF", "a"}));
  EXPECT_TRUE(words("").empty());
  EXPECT_TRUE(words(" \u2003 ").empty());
}

}  // namespace
}  // namespace beholder::text
