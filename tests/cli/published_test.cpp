// The verbs on folders as others publish them; the tiny ones of tools/golden_blip.py.
#include <gtest/gtest.h>

#include "program.hpp"

namespace beholder::tests {
namespace {

std::string golden(const std::string& name) {
  return (source_folder() / "tests/golden/blip" / name).string();
}

TEST(CliPublished, AskDescribeAndScore) {
  const Finished asked = run({"ask", "-m", golden("vqa"), golden("wide.png"), "is it red?",
                              "--json", "--top-k", "3", "--min-confidence", "0"});
  ASSERT_EQ(asked.code, 0) << asked.err;
  EXPECT_EQ(asked.rows().at(0).at("method"), "direct");
  EXPECT_FALSE(asked.rows()[0].at("top_k").empty());

  io::TemporaryFolder folder;
  write_text(folder / "answers.txt", "yes\nno\n\na dog\r\n");
  const Finished chosen =
      run({"ask", "-m", golden("vqa"), golden("wide.png"), "is it red?", "--json", "--top-k", "3",
           "--answers-file", (folder / "answers.txt").string()});
  ASSERT_EQ(chosen.code, 0) << chosen.err;
  double sum = 0;
  const Json row = chosen.rows().at(0);
  for (const Json& guess : row.at("top_k")) sum += guess.at("probability").get<double>();
  EXPECT_EQ(row.at("top_k").size(), 3u);
  EXPECT_NEAR(sum, 1, 1e-6);
  write_text(folder / "one.txt", "yes\n");
  EXPECT_EQ(run({"ask", "-m", golden("vqa"), golden("wide.png"), "is it red?", "--answers-file",
                 (folder / "one.txt").string()})
                .code,
            2);

  const Finished described = run({"describe", "-m", golden("caption"), golden("wide.png"),
                                  "--prompt", "the dog is", "--beams", "1", "--json"});
  ASSERT_EQ(described.code, 0) << described.err;
  EXPECT_NE(described.out.find("\"the dog is"), std::string::npos) << described.out;
  EXPECT_EQ(run({"describe", sample("cat.jpg"), "--prompt", "the dog is"}).code, 1)
      << "the bundled model takes no prompt";

  const Finished scored = run(
      {"score", "-m", golden("itm"), golden("wide.png"), "red", "two cats on a table.", "--json"});
  ASSERT_EQ(scored.code, 0) << scored.err;
  EXPECT_EQ(keys(scored.rows().at(1)), (Keys{"image", "text", "match", "cosine"}));
  const Finished bundled = run({"score", sample("cat.jpg"), "a cat is lying down", "--json"});
  ASSERT_EQ(bundled.code, 0) << bundled.err;
  EXPECT_EQ(keys(bundled.rows().at(0)), (Keys{"image", "text", "probability", "log_probability"}));
}

TEST(CliPublished, WhatAModelCannotIsAnErrorAndNoCrash) {
  for (const Keys& words :
       {Keys{"describe", "-m", golden("vqa"), golden("wide.png")},
        Keys{"ask", "-m", golden("caption"), golden("wide.png"), "why?"},
        Keys{"ask", "-m", golden("vqa"), golden("wide.png"), "why?", "--explain"},
        Keys{"objects", "-m", golden("vqa"), golden("wide.png")},
        Keys{"relations", "-m", golden("vqa"), golden("wide.png")},
        Keys{"describe", "-m", golden("caption"), golden("wide.png"), "--heatmap", "/tmp/none.png"},
        Keys{"calibrate", "--config", "configs/bundled.json", "--model", golden("vqa"), "--out",
             "/tmp/none"},
        Keys{"model", "export", golden("vqa"), "/tmp/none"}}) {
    const Finished ran = run(words);
    EXPECT_TRUE(ran.code == 1 || ran.code == 2) << words[0] << ": " << ran.code;
    EXPECT_FALSE(ran.err.empty()) << words[0];
    EXPECT_TRUE(ran.out.empty()) << ran.out;
  }
}

TEST(CliPublished, VerifyConvertAndInfo) {
  io::TemporaryFolder folder;
  const std::string small = (folder / "int8").string();
  EXPECT_EQ(run({"model", "verify", golden("caption")}).code, 0);
  const Finished converted =
      run({"model", "convert", golden("caption"), "-o", small, "--dtype", "fp16"});
  ASSERT_EQ(converted.code, 0) << converted.err;
  const Finished verified = run({"model", "verify", small, "--json"});
  ASSERT_EQ(verified.code, 0) << verified.err;
  EXPECT_EQ(verified.rows().at(0).at("ok"), true);
  const auto said = [](const std::string& model) {
    return run({"describe", "-m", model, golden("wide.png"), "--beams", "1"}).out;
  };
  EXPECT_EQ(said(small).substr(0, 3), said(golden("caption")).substr(0, 3));
  EXPECT_EQ(run({"model", "info", small, "--json"}).code, 0);
  EXPECT_EQ(run({"model", "convert", small, "-o", small}).code, 2) << "onto itself";

  fs::copy(golden("vqa"), folder / "vqa");
  Json config = Json::parse(read_text(folder / "vqa/config.json"));
  config["text_config"]["num_hidden_layers"] = 3;
  write_text(folder / "vqa/config.json", config.dump());
  const Finished bad = run({"model", "verify", (folder / "vqa").string()});
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.out.find("missing     text_decoder.bert.encoder.layer.2."), std::string::npos)
      << bad.out;
}

TEST(CliPublished, BatchAndEval) {
  io::TemporaryFolder folder;
  const Finished ran =
      run({"caption", golden("wide.png"), golden("high.png"), "-m", golden("caption"), "--beams",
           "1", "--quiet", "-o", (folder / "out.jsonl").string()});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const std::string rows = read_text(folder / "out.jsonl");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 2);
  EXPECT_EQ(run({"caption", golden("wide.png"), "-m", golden("caption"), "--task", "answer",
                 "--question", "why?", "--quiet", "-o", (folder / "no.jsonl").string()})
                .code,
            1);
  write_text(
      folder / "qa.jsonl",
      Json({{"image", golden("wide.png")}, {"question", "is it red?"}, {"answer", "yes"}}).dump() +
          "\n");
  const Finished eval =
      run({"eval", "-m", golden("vqa"), "--data", (folder / "qa.jsonl").string(), "--json"});
  EXPECT_EQ(eval.code, 0) << eval.err;
}

}  // namespace
}  // namespace beholder::tests
