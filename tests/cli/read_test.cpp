#include <gtest/gtest.h>

#include <filesystem>

#include "io/temporary_folder.hpp"
#include "program.hpp"

namespace beholder::tests {
namespace {

const std::string kReceipt = std::string(BEHOLDER_SOURCE_DIR) + "/tests/golden/reading/receipt.png";
const std::string kSign = std::string(BEHOLDER_SOURCE_DIR) + "/tests/golden/reading/sign.png";

TEST(CliRead, PrintsLinesInReadingOrder) {
  const Finished ran = run({"read", kReceipt});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  const std::vector<std::string> lines = ran.lines();
  ASSERT_EQ(lines.size(), 16u) << ran.out;
  EXPECT_EQ(lines[0], "CORNER STORE");
  EXPECT_EQ(lines[15], "4.45");
  EXPECT_EQ(run({"read", sample("cat.jpg"), "--min-confidence", "1"}).out,
            "nothing to read found\n");
}

TEST(CliRead, PrintsJsonRowsAndDraws) {
  const io::TemporaryFolder folder;
  const std::string drawn = (folder.path() / "drawn.png").string();
  Finished ran = run({"read", kSign, "--json", "--draw", drawn});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json row = ran.rows().at(0);
  EXPECT_EQ(keys(row), (Keys{"image", "width", "height", "lines", "timing_ms"}));
  ASSERT_EQ(row.at("lines").size(), 4u);
  const Json& line = row.at("lines").at(0);
  EXPECT_EQ(keys(line), (Keys{"text", "corners", "confidence"}));
  EXPECT_EQ(line.at("text"), "PARK STREET");
  ASSERT_EQ(line.at("corners").size(), 4u);
  EXPECT_NEAR(line.at("corners").at(0).at(0).get<double>(), 167, 4);
  EXPECT_NEAR(line.at("corners").at(2).at(1).get<double>(), 171, 4);
  EXPECT_GT(std::filesystem::file_size(drawn), 1000u);
  EXPECT_EQ(run({"read", kSign, kReceipt, "--draw", drawn, "--force"}).code, 2);
  ran = run({"read", kSign, kReceipt, "--json"});
  EXPECT_EQ(ran.rows().size(), 2u);
}

TEST(CliRead, AnswersQuestionsAboutWriting) {
  const auto asked = [](const std::string& picture, const std::string& question) {
    const Finished ran = run({"ask", picture, question, "--json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.rows().at(0);
  };
  const Json total = asked(kReceipt, "what is the total?");
  EXPECT_EQ(total.at("answer"), "5.55");
  EXPECT_EQ(total.at("method"), "read");
  EXPECT_GT(total.at("confidence").get<double>(), 0.9);
  EXPECT_EQ(asked(kReceipt, "what is the date on the receipt?").at("answer"), "14/03/2021");
  const Json none = asked(sample("cat.jpg"), "what is written on the wall?");
  EXPECT_EQ(none.at("answer"), "I don't know");
  EXPECT_EQ(none.at("method"), "read");
  EXPECT_EQ(asked(sample("cat.jpg"), "what animal is this?").at("method"), "direct");
}

TEST(CliRead, ReadsABatch) {
  const io::TemporaryFolder folder;
  const std::string out = (folder.path() / "read.jsonl").string();
  const Finished ran = run({"caption", kReceipt, kSign, "--task", "read", "-o", out, "--quiet"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  std::ifstream in(out);
  std::size_t rows = 0;
  for (std::string line; std::getline(in, line); ++rows)
    EXPECT_GE(Json::parse(line).at("lines").size(), 4u);
  EXPECT_EQ(rows, 2u);
}

}  // namespace
}  // namespace beholder::tests
