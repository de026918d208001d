#include "text/ctc.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::text {
namespace {

const Characters kCharacters({"a", "ß", " "});

/// Logits under which each place has the given class with a probability of 0.7.
std::vector<float> logits_of(const std::vector<int>& classes) {
  std::vector<float> out;
  for (const int one : classes)
    for (int c = 0; c < 4; ++c) out.push_back(std::log(c == one ? 0.7f : 0.1f) + 3);
  return out;
}

ReadText decoded(const std::vector<int>& classes) {
  return ctc_decode(logits_of(classes).data(), static_cast<std::int64_t>(classes.size()),
                    kCharacters);
}

TEST(Ctc, LeavesOutRepetitionsAndBlanks) {
  EXPECT_EQ(decoded({0, 1, 1, 0, 1, 2, 2, 0}).text, "aaß");
  EXPECT_NEAR(decoded({0, 1, 1, 0}).confidence, 0.7, 1e-5);
  EXPECT_EQ(decoded({3, 1, 3, 2, 3, 3}).text, "a ß");  // no blank at the ends
  EXPECT_EQ(decoded({0, 0}).text, "");
  EXPECT_EQ(decoded({0, 0}).confidence, 0);
  EXPECT_EQ(decoded({0, 3, 0}).confidence, 0);  // nothing but a blank is no text
  EXPECT_EQ(decoded({}).text, "");
}

TEST(Ctc, PutsBlanksWhereLettersStandApart) {
  EXPECT_EQ(decoded({1, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1}).text, "aaa aa");
  EXPECT_EQ(decoded({1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1}).text, "aaaaa");
  EXPECT_EQ(decoded({1, 0, 0, 0, 0, 0, 1}).text, "aa");  // too few to tell what is usual
}

TEST(Ctc, GivesPlainMarksAmongLatinLetters) {
  const auto read = [](const std::vector<std::string>& list) {
    std::vector<float> logits;
    const auto classes = static_cast<int>(list.size()) + 1;
    for (int place = 1; place < classes; ++place)
      for (int c = 0; c < classes; ++c) logits.push_back(c == place ? 5.0f : 0.0f);
    return ctc_decode(logits.data(), classes - 1, Characters(list)).text;
  };
  EXPECT_EQ(read({"R", "M", "（", "3", "）", "：", "é"}), "RM(3):é");
  EXPECT_EQ(read({"（", "三", "）"}), "（三）");
}

TEST(Characters, AreThoseOfTheFileAndABlank) {
  const io::TemporaryFolder folder;
  const auto path = folder.path() / "characters.txt";
  tests::write_text(path, "x\nÿ\n");
  const Characters read = Characters::load(path);
  EXPECT_EQ(read.classes(), 4);
  EXPECT_EQ(read.of_class(2), "ÿ");
  EXPECT_EQ(read.of_class(3), " ");
  tests::write_text(path, "x\n\ny\n");
  const Error error = tests::error_of([&] { Characters::load(path); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
  EXPECT_NE(std::string(error.what()).find("characters.txt:2"), std::string::npos) << error.what();
  tests::write_text(path, "");
  EXPECT_EQ(tests::error_of([&] { Characters::load(path); }).code(), ErrorCode::kModelFormat);
  EXPECT_EQ(tests::error_of([&] { Characters::load(folder.path() / "none"); }).code(),
            ErrorCode::kFileNotFound);
}

}  // namespace
}  // namespace beholder::text
