#include "scene/reading_answer.hpp"

#include <gtest/gtest.h>

#include "scene/receipt_total.hpp"

namespace beholder::scene {
namespace {

using Wanted = text::ReadingQuestion::Wanted;

/// A level line whose letters are `height` px high.
ReadLine line(const std::string& text, float left, float top, float height = 20,
              double confidence = 0.9) {
  const float right = left + 10 * static_cast<float>(text.size()), bottom = top + height;
  return {text, {{{left, top}, {right, top}, {right, bottom}, {left, bottom}}}, confidence};
}

std::string first(const Found& found) {
  return found.answers.empty() ? "" : found.answers.front().answer;
}

TEST(ReadingAnswer, GivesWhatIsWrittenLarge) {
  const std::vector<ReadLine> lines = {line("STOP", 0, 0, 60, 0.8), line("ALL", 0, 70, 40, 0.6),
                                       line("printed in France", 0, 120, 10)};
  const Found found = answer_from_lines(Wanted::kText, lines);
  EXPECT_EQ(first(found), "STOP ALL");
  EXPECT_NEAR(found.confidence, 0.7, 1e-9);
  EXPECT_TRUE(answer_from_lines(Wanted::kText, {}).answers.empty());
}

TEST(ReadingAnswer, GivesTheLargestThatFits) {
  const std::vector<ReadLine> lines = {line("Route 7", 0, 0, 20), line("BAKER #23", 0, 30, 40, 0.7),
                                       line("10:45", 0, 80, 15), line("14/03/2021", 0, 100, 15),
                                       line("$4.50 a pound", 0, 120, 15)};
  const Found number = answer_from_lines(Wanted::kNumber, lines);
  EXPECT_EQ(first(number), "23");
  EXPECT_NEAR(number.confidence, 0.7, 1e-9);
  EXPECT_GE(number.answers.size(), 2u);
  EXPECT_EQ(first(answer_from_lines(Wanted::kTime, lines)), "10:45");
  EXPECT_EQ(first(answer_from_lines(Wanted::kDate, lines)), "14/03/2021");
  EXPECT_EQ(first(answer_from_lines(Wanted::kPrice, lines)), "$4.50");
  EXPECT_EQ(first(answer_from_lines(Wanted::kDate, {line("Mar 3, 2019", 0, 0)})), "Mar 3, 2019");
  EXPECT_EQ(first(answer_from_lines(Wanted::kNumber, {line("AB12 CDE", 0, 0)})), "AB12");
  EXPECT_EQ(first(answer_from_lines(Wanted::kLetters, {line("7 XY", 0, 0)})), "XY");
  EXPECT_TRUE(answer_from_lines(Wanted::kNumber, {line("no digits", 0, 0)}).answers.empty());
}

std::string total(const std::vector<ReadLine>& lines) {
  const auto found = receipt_total(lines);
  return found ? found->amount : "";
}

TEST(ReceiptTotal, IsTheAmountInTheRowOfTotal) {
  const std::vector<ReadLine> lines = {
      line("Bread", 0, 0),    line("2.40", 300, 2),      line("Subtotal", 0, 30),
      line("5.10", 300, 31),  line("TOTAL", 0, 60),      line("RM 5.55", 300, 61, 20, 0.8),
      line("Cash", 0, 90),    line("10.00", 300, 90),    line("Change", 0, 120),
      line("4.45", 300, 121), line("Total qty", 0, 150), line("12.00", 300, 150)};
  EXPECT_EQ(total(lines), "5.55");
  EXPECT_NEAR(receipt_total(lines)->confidence, 0.8, 1e-9);
}

TEST(ReceiptTotal, TellsTotalsApart) {
  EXPECT_EQ(total({line("Total: 1,234.50", 0, 0)}), "1234.50");
  EXPECT_EQ(total({line("Total 12,30", 0, 0)}), "12.30");
  // Rounded to 5 cents: the last; a summary of taxes: the largest.
  EXPECT_EQ(total({line("Total sales 9.98", 0, 0), line("Rounding 0.02", 0, 30),
                   line("Total rounded 10.00", 0, 60), line("Total 0.60", 0, 90)}),
            "10.00");
  EXPECT_EQ(total({line("Total (excl. GST) 10.00", 0, 0), line("Total GST 0.60", 0, 30),
                   line("Total 10.60", 0, 60)}),
            "10.60");
  EXPECT_EQ(total({line("Amount due", 0, 0), line("7.20", 300, 0), line("Subtotal 7.00", 0, 30)}),
            "7.20");
  EXPECT_EQ(total({line("Subtotal 7.00", 0, 30), line("Total discount 9.00", 0, 60)}), "7.00");
  EXPECT_EQ(total({line("Cash 10.00", 0, 0), line("Total", 0, 30)}), "");
  EXPECT_EQ(total({}), "");
}

}  // namespace
}  // namespace beholder::scene
