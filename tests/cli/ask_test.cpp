#include <gtest/gtest.h>

#include "program.hpp"

namespace beholder::tests {
namespace {

const std::string kQuestion = "what animal is this?";

TEST(CliAsk, PrintsOneLine) {
  const Finished ran = run({"ask", sample("cat.jpg"), kQuestion});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  ASSERT_EQ(ran.lines().size(), 1u) << ran.out;
  EXPECT_NE(ran.out.find(" confidence 0."), std::string::npos) << ran.out;
}

TEST(CliAsk, PrintsJsonRowsWithTheDocumentedKeys) {
  const Finished ran =
      run({"ask", sample("cat.jpg"), sample("Café à la tasse.jpg"), kQuestion,
           "is there a \"dog\"?", "--json", "--top-k", "3", "--min-confidence", "0"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  const std::vector<Json> rows = ran.rows();
  ASSERT_EQ(rows.size(), 4u);
  for (const Json& row : rows) {
    EXPECT_EQ(keys(row), (Keys{"image", "question", "answer", "confidence", "abstained", "familiar",
                               "method", "top_k", "timing_ms"}));
    EXPECT_EQ(keys(row.at("timing_ms")), (Keys{"decode", "vision", "text", "fusion"}));
    // As many as are answers to the question, three at most.
    ASSERT_GE(row.at("top_k").size(), 1u);
    ASSERT_LE(row.at("top_k").size(), 3u);
    for (const Json& candidate : row.at("top_k")) {
      EXPECT_EQ(keys(candidate), (Keys{"answer", "probability"}));
      EXPECT_GE(candidate.at("probability").get<double>(), 0);
      EXPECT_LE(candidate.at("probability").get<double>(), 1);
    }
    EXPECT_FALSE(row.at("abstained").get<bool>());
    EXPECT_EQ(row.at("answer"), row.at("top_k").at(0).at("answer"));
    EXPECT_GE(row.at("confidence").get<double>(), 0);
    EXPECT_LE(row.at("confidence").get<double>(), 1);
  }
  EXPECT_EQ(rows[0].at("image"), sample("cat.jpg"));
  EXPECT_EQ(rows[1].at("question"), "is there a \"dog\"?");
  EXPECT_EQ(rows[3].at("image"), sample("Café à la tasse.jpg"));
}

TEST(CliAsk, ChoosesAndAbstains) {
  Finished ran = run({"ask", sample("cat.jpg"), kQuestion, "--json", "--choices", "cat, fire truck",
                      "--top-k", "2", "--min-confidence", "0"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json row = ran.rows().at(0);
  EXPECT_EQ(row.at("top_k").size(), 2u);
  EXPECT_TRUE(row.at("answer") == "cat" || row.at("answer") == "fire truck") << row;
  ran = run({"ask", sample("cat.jpg"), kQuestion, "--json", "--min-confidence", "1"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.rows().at(0).at("answer"), "I don't know");
  EXPECT_TRUE(ran.rows().at(0).at("abstained").get<bool>());
  EXPECT_EQ(ran.rows().at(0).at("top_k").size(), 1u);
}

TEST(CliAsk, AQuestionIsTheSameWithoutItsMark) {
  for (const auto& [picture, question] :
       {std::pair("cat.jpg", "what animal is this"),
        std::pair("scene.png", "how many red things are there")}) {
    const std::string plain = question;
    const Finished ran = run({"ask", sample(picture), plain + "?", plain, plain + " ??",
                              "  " + plain + "\uFF1F", "--json"});
    ASSERT_EQ(ran.code, 0) << ran.err;
    const std::vector<Json> rows = ran.rows();
    for (std::size_t i = 1; i < rows.size(); ++i) {
      EXPECT_EQ(rows[i].at("top_k"), rows[0].at("top_k")) << rows[i];
      EXPECT_EQ(rows[i].at("confidence"), rows[0].at("confidence"));
    }
  }
  EXPECT_EQ(run({"ask", sample("cat.jpg"), " ? "}).code, 2);
}

TEST(CliAsk, AListOfAnswersIsReadHoweverItWasSaved) {
  io::TemporaryFolder folder;
  const std::string file = (folder / "answers.txt").string();
  const auto answers = [&](const std::string& text) {
    write_text(file, text);
    const Finished ran = run(
        {"ask", sample("cat.jpg"), kQuestion, "--json", "--top-k", "2", "--answers-file", file});
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.rows().at(0).at("top_k");
  };
  const Json plain = answers("cat\nfire truck\n");
  EXPECT_EQ(answers("\xEF\xBB\xBF"
                    "cat\r\n\r\nfire truck \r\n"),
            plain);
  EXPECT_EQ(answers("cat\rfire truck"), plain);
  EXPECT_EQ(answers(std::string("\xFE\xFF\0c\0a\0t\0\n\0f\0i\0r\0e\0 \0t\0r\0u\0c\0k", 30)), plain);
  write_text(file, "cat\nfire \xE9truck\n");
  const Finished refused = run({"ask", sample("cat.jpg"), kQuestion, "--answers-file", file});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("answers.txt:2"), std::string::npos) << refused.err;
}

TEST(CliAsk, ReadsThePictureFromStandardInput) {
  const Finished piped = run({"ask", "-", kQuestion, "--json"}, sample("cat.jpg"));
  const Finished named = run({"ask", sample("cat.jpg"), kQuestion, "--json"});
  ASSERT_EQ(piped.code, 0) << piped.err;
  EXPECT_EQ(piped.rows().at(0).at("image"), "-");
  EXPECT_EQ(piped.rows().at(0).at("answer"), named.rows().at(0).at("answer"));
  const Finished empty = run({"ask", "-", kQuestion});
  EXPECT_EQ(empty.code, 1);
  EXPECT_EQ(empty.out, "");
  EXPECT_NE(empty.err.find("standard input"), std::string::npos) << empty.err;
}

TEST(CliAsk, TakesFileNamesThatAreNotUtf8) {
  io::TemporaryFolder folder;
  const fs::path path = folder / "caf\xe9 1.jpg";
  fs::copy(sample("cat.jpg"), path);
  const Finished ran = run({"ask", path.string(), kQuestion, "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_NE(ran.rows().at(0).at("image").get<std::string>().find("caf\xef\xbf\xbd 1.jpg"),
            std::string::npos);
}

TEST(CliAsk, TakesChoicesThatAreNotUtf8) {
  const Finished ran =
      run({"ask", sample("cat.jpg"), kQuestion, "--json", "--choices", "caf\xe9,cat"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.rows().size(), 1u);
}

TEST(CliAsk, ConversesLineByLine) {
  io::TemporaryFolder folder;
  std::string longest = "is";
  for (int i = 0; i < 80; ++i) longest += " this";
  write_text(folder / "questions", kQuestion + "\n\n" + longest + "\nis there a dog?");
  const Finished ran = run({"ask", sample("cat.jpg"), "--json"}, folder / "questions");
  EXPECT_EQ(ran.code, 0) << ran.err;
  ASSERT_EQ(ran.rows().size(), 2u) << ran.out;
  EXPECT_EQ(ran.rows()[0].at("question"), kQuestion);
  EXPECT_EQ(ran.rows()[1].at("question"), "is there a dog?");
  EXPECT_NE(ran.err.find("tokens"), std::string::npos) << ran.err;
}

TEST(CliAsk, ExplainSaysWhyNoProgramCameToItsEnd) {
  const std::string scene = sample("scene.png");
  Finished ran = run({"ask", scene, "what size is the yellow cube?", "how many cubes are there?",
                      "--explain", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  ASSERT_EQ(ran.rows().size(), 2u);
  EXPECT_EQ(ran.rows()[0].at("failure"), "there is no yellow cube");
  EXPECT_TRUE(ran.rows()[0].at("steps").empty());
  EXPECT_TRUE(ran.rows()[1].at("failure").is_null());
  EXPECT_FALSE(ran.rows()[1].at("steps").empty());
  ran = run({"ask", scene, "what size is the yellow cube?", "--explain"});
  EXPECT_NE(ran.out.find("no program came to an end: there is no yellow cube"), std::string::npos)
      << ran.out;
}

TEST(CliAsk, ExitCodeOneNamesWhatFailed) {
  io::TemporaryFolder folder;
  const auto failed = [](const std::vector<std::string>& words, const std::string& named) {
    const Finished ran = run(words);
    EXPECT_EQ(ran.code, 1) << named;
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err.rfind("beholder: ", 0), 0u) << ran.err;
    EXPECT_NE(ran.err.find(named), std::string::npos) << ran.err;
  };
  failed({"ask", (folder / "none.jpg").string(), kQuestion}, "none.jpg");
  write_text(folder / "text.jpg", "no picture");
  failed({"ask", (folder / "text.jpg").string(), kQuestion}, "text.jpg");
  failed({"ask", sample("cat.jpg"), kQuestion, "--model", folder.path().string()}, "config.json");
  failed({"ask", sample("cat.jpg"), kQuestion, "--max-pixels", "100"}, "cat.jpg");
}

TEST(CliAsk, ExitCodeTwoIsWrongUsage) {
  const std::string cat = sample("cat.jpg"), coffee = sample("coffee.jpg");
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"answer"},
                                             {"ask"},
                                             {"ask", cat, kQuestion, "--nonsense"},
                                             {"ask", cat, kQuestion, "--top-k", "0"},
                                             {"ask", cat, kQuestion, "--top-k", "many"},
                                             {"ask", cat, kQuestion, "--min-confidence", "2"},
                                             {"ask", cat, kQuestion, "--choices", "cat"},
                                             {"ask", cat, kQuestion, "--threads", "-1"},
                                             {"ask", cat, coffee},
                                             {"ask", "-"},
                                             {"ask", cat, " "},
                                             {"ask", cat, coffee, " "}}) {
    const Finished ran = run(words);
    EXPECT_EQ(ran.code, 2) << testing::PrintToString(words) << ran.err;
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err, "");
  }
  const Finished help = run({"ask", "--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_NE(help.out.find("--top-k"), std::string::npos);
}

TEST(CliAsk, ExitCodeThreeWhenOneOfTwoPicturesFails) {
  const Finished ran = run({"ask", "none.jpg", sample("cat.jpg"), kQuestion, "--json"});
  EXPECT_EQ(ran.code, 3);
  ASSERT_EQ(ran.rows().size(), 1u);
  EXPECT_EQ(ran.rows()[0].at("image"), sample("cat.jpg"));
  EXPECT_NE(ran.err.find("none.jpg"), std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("1 of 2 pictures failed"), std::string::npos) << ran.err;
}

TEST(CliDescribe, WritesDifferentDescriptions) {
  const Finished ran = run({"describe", sample("cat.jpg"), "--num", "2", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json row = ran.rows().at(0);
  EXPECT_EQ(keys(row), (Keys{"image", "descriptions", "timing_ms"}));
  ASSERT_EQ(row.at("descriptions").size(), 2u);
  EXPECT_EQ(keys(row.at("descriptions")[0]),
            (Keys{"text", "probability", "confidence", "abstained", "guess", "words"}));
  EXPECT_NE(row.at("descriptions")[0].at("guess"), row.at("descriptions")[1].at("guess"));
  const Finished several = run({"describe", sample("cat.jpg"), "none.jpg"});
  EXPECT_EQ(several.code, 3);
  EXPECT_EQ(several.lines().size(), 2u) << several.out;
}

TEST(CliDescribe, IsNotSureWhatNothingShows) {
  io::TemporaryFolder folder;
  std::vector<std::string> words = {"describe"};
  for (const char level : {'\0', '\xff', '\x80'}) {
    const std::string pixels = "P6 320 240 255\n" + std::string(3 * 320 * 240, level);
    words.push_back((folder / (std::to_string(words.size()) + ".ppm")).string());
    write_text(words.back(), pixels);
  }
  Finished ran = run(words);
  EXPECT_EQ(ran.code, 0) << ran.err;
  ASSERT_EQ(ran.lines().size(), 6u) << ran.out;
  for (const std::size_t i : {1, 3, 5})
    EXPECT_EQ(ran.lines()[i], "  I am not sure what this shows");
  words.insert(words.end(), {"--json", "--num", "2", "--prefix", "sks, "});
  ran = run(words);
  for (const Json& row : ran.rows())
    for (const Json& one : row.at("descriptions")) {
      EXPECT_TRUE(one.at("abstained").get<bool>());
      EXPECT_EQ(one.at("text"), "I am not sure what this shows");
      EXPECT_NE(one.at("guess"), one.at("text"));
      EXPECT_NE(one.at("guess"), "");
      EXPECT_LT(one.at("confidence").get<double>(), 0.7);
      double sum = 0;
      for (const Json& word : one.at("words")) sum += word.at("probability").get<double>();
      EXPECT_NEAR(one.at("confidence").get<double>(),
                  sum / static_cast<double>(one.at("words").size()), 1e-9);
    }
  words.insert(words.end(), {"--min-confidence", "0"});
  const Finished all = run(words);
  for (std::size_t i = 0; i < all.rows().size(); ++i)
    for (std::size_t k = 0; k < 2; ++k) {
      const Json one = all.rows()[i].at("descriptions")[k];
      EXPECT_FALSE(one.at("abstained").get<bool>());
      EXPECT_EQ(one.at("text"), "sks, " + one.at("guess").get<std::string>());
      EXPECT_EQ(one.at("guess"), ran.rows()[i].at("descriptions")[k].at("guess"));
    }
  EXPECT_EQ(run({"describe", sample("cat.jpg"), "--min-confidence", "1.5"}).code, 2);
}

TEST(CliDescribe, ABatchSaysWhatItIsNotSureOf) {
  io::TemporaryFolder folder;
  fs::copy_file(sample("off_ground/plain.png"), folder / "plain.png");
  fs::copy_file(sample("scene.png"), folder / "scene.png");
  const auto caption = [&](const std::string& name, const std::vector<std::string>& more) {
    std::vector<std::string> words = {"caption", folder.path().string(),   "--glob", "*.png",
                                      "-o",      (folder / name).string(), "--quiet"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished ran = run(words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    return read_text(folder / name);
  };
  std::istringstream lines(caption("out.jsonl", {}));
  std::string first, second;
  std::getline(lines, first);
  std::getline(lines, second);
  const Json plain = Json::parse(first), scene = Json::parse(second);
  EXPECT_EQ(plain.at("caption"), "I am not sure what this shows");
  EXPECT_TRUE(plain.at("abstained").get<bool>());
  EXPECT_NE(plain.at("guess"), "");
  EXPECT_FALSE(scene.at("abstained").get<bool>());
  EXPECT_EQ(scene.at("caption"), scene.at("guess"));
  EXPECT_GT(scene.at("confidence").get<double>(), 0.5);
  const std::string csv = caption("out.csv", {});
  EXPECT_NE(csv.find("I am not sure what this shows," + plain.at("confidence").dump()),
            std::string::npos)
      << csv;
  // Another threshold makes other rows.
  const std::string given = caption("out.jsonl", {"--min-confidence", "0"});
  EXPECT_EQ(given.find("not sure"), std::string::npos) << given;
}

}  // namespace
}  // namespace beholder::tests
