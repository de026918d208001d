// Words shown to people: escaped on terminals, and guessed at when they are misspelt.
#include <gtest/gtest.h>

#include "nearest.hpp"
#include "terminal_text.hpp"

namespace beholder::cli {
namespace {

TEST(TerminalText, SpellsOutWhatMovesOrDeceives) {
  EXPECT_EQ(escaped("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(escaped("a\nb\tc\x7f"), "a\\nb\\x09c\\x7f");
  EXPECT_EQ(escaped("caf\xe9.jpg"), "caf\\xe9.jpg");
  EXPECT_EQ(escaped("\xc2\x9b"
                    "31m"),
            "\\u009b31m");  // CSI of ISO 6429 in one character
  EXPECT_EQ(escaped("gpj.\xe2\x80\xae"
                    "cat"),
            "gpj.\\u202ecat");  // right-to-left override
  EXPECT_EQ(escaped("\xc0\xaf\xed\xa0\x80\xf5"), "\\xc0\\xaf\\xed\\xa0\\x80\\xf5");
  EXPECT_EQ(escaped("\xe2\x82"), "\\xe2\\x82");  // cut off
}

TEST(TerminalText, LeavesPlainTextAlone) {
  for (const char* text : {"", "a b.jpg", "Café à la tasse.jpg", "写真.png", "🐈", "back\\slash"})
    EXPECT_EQ(escaped(text), text);
}

TEST(Nearest, FindsTheWordThatWasMeant) {
  const std::vector<std::string> verbs = {"ask", "describe", "caption", "merge", "model", "doctor"};
  EXPECT_EQ(nearest("captoin", verbs), "caption");
  EXPECT_EQ(nearest("descibe", verbs), "describe");
  EXPECT_EQ(nearest("ak", verbs), "ask");
  EXPECT_EQ(nearest("desc", verbs), "describe");
  EXPECT_EQ(nearest("modle", verbs), "model");
  EXPECT_EQ(nearest("photograph", verbs), "");
  EXPECT_EQ(nearest("", verbs), "");
}

}  // namespace
}  // namespace beholder::cli
