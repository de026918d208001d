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

/// A copy of a golden folder whose decoder has a NaN in the row of a word.
std::string with_nan(const io::TemporaryFolder& folder) {
  fs::copy(golden("vqa"), folder / "nan");
  std::string weights = read_text(folder / "nan/model.safetensors");
  std::uint64_t header = 0;
  for (int i = 7; i >= 0; --i) header = header << 8 | static_cast<unsigned char>(weights[i]);
  const Json tensors = Json::parse(weights.substr(8, header));
  const Json& place = tensors.at("text_decoder.bert.embeddings.word_embeddings.weight");
  const auto at = 8 + header + place.at("data_offsets").at(0).get<std::uint64_t>() + 24 * 4 * 20;
  for (std::size_t i = 0; i < 4; ++i) weights.at(at + i) = '\xff';
  write_text(folder / "nan/model.safetensors", weights);
  return (folder / "nan").string();
}

TEST(CliPublished, NumbersThatAreNotFiniteAreAnError) {
  io::TemporaryFolder folder;
  const std::string model = with_nan(folder);
  for (const Keys& more : {Keys{}, Keys{"--json"}, Keys{"--choices", "yes,no", "--json"},
                           Keys{"--beams", "3", "--top-k", "3", "--min-confidence", "0"}}) {
    Keys words = {"ask", "-m", model, golden("wide.png"), "what color is it?"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished ran = run(words);
    EXPECT_EQ(ran.code, 1);
    EXPECT_EQ(ran.out, "");
    EXPECT_NE(ran.err.find("decoder gave values that are not finite"), std::string::npos)
        << ran.err;
  }
  const Finished batch =
      run({"caption", golden("wide.png"), golden("high.png"), "-m", model, "--task", "answer",
           "--question", "what?", "--quiet", "-o", (folder / "out.jsonl").string()});
  EXPECT_EQ(batch.code, 3) << batch.err;
  Finished rows;
  rows.out = read_text(folder / "out.jsonl");
  ASSERT_EQ(rows.rows().size(), 2u) << rows.out;
  for (const Json& row : rows.rows()) {
    EXPECT_FALSE(row.contains("answer")) << row;
    EXPECT_NE(row.dump().find("model_format"), std::string::npos) << row;
  }
}

TEST(CliPublished, VerifyFindsDamageAndChecksums) {
  io::TemporaryFolder folder;
  const std::string model = with_nan(folder);
  const Finished ran = run({"model", "verify", model, "--json"});
  EXPECT_EQ(ran.code, 1);
  const Json report = ran.rows().at(0);
  EXPECT_EQ(report.at("ok"), false);
  EXPECT_EQ(report.at("checksums"), "none");
  EXPECT_EQ(report.at("not_finite"),
            Json::array({"text_decoder.bert.embeddings.word_embeddings.weight"}));
  const Finished text = run({"model", "verify", model});
  EXPECT_NE(text.out.find("not finite  text_decoder.bert"), std::string::npos) << text.out;
  const Finished doctor = run({"doctor", "-m", model, "--json"});
  EXPECT_EQ(doctor.code, 1);
  EXPECT_EQ(doctor.rows().at(0).at("model").at("works"), false);
  EXPECT_NE(doctor.out.find("fetch or install it again"), std::string::npos) << doctor.out;
  EXPECT_EQ(run({"model", "checksum", model}).code, 1) << "damage gets no checksum";
  EXPECT_FALSE(fs::exists(fs::path(model) / "XXH128SUMS"));

  fs::copy(golden("vqa"), folder / "sound");
  const std::string sound = (folder / "sound").string();
  EXPECT_EQ(run({"model", "checksum", sound}).code, 0);
  EXPECT_EQ(run({"model", "verify", sound, "--json"}).rows().at(0).at("checksums"), "as written");
  std::string words = read_text(folder / "sound/vocab.txt");
  std::swap(words[words.size() - 2], words[words.size() - 4]);  // "play" to "pyal"
  write_text(folder / "sound/vocab.txt", words);
  const Finished swapped = run({"model", "verify", sound});
  EXPECT_EQ(swapped.code, 1);
  EXPECT_NE(swapped.out.find("differs     vocab.txt"), std::string::npos) << swapped.out;
}

TEST(CliPublished, FoldersThatAreNoModelSaySo) {
  io::TemporaryFolder folder;
  write_text(folder / "adapter_config.json",
             R"({"base_model_name_or_path": "Salesforce/blip-vqa-base", "peft_type": "LORA"})");
  for (const Keys& verb :
       {Keys{"ask", "-m", folder.path().string(), golden("wide.png"), "what?"},
        Keys{"model", "verify", folder.path().string()},
        Keys{"model", "info", folder.path().string()},
        Keys{"model", "convert", folder.path().string(), "-o", (folder / "out").string()}}) {
    const Finished ran = run(verb);
    EXPECT_EQ(ran.code, 1);
    EXPECT_NE(ran.err.find("a LoRA adapter of the base model 'Salesforce/blip-vqa-base'"),
              std::string::npos)
        << ran.err;
  }
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
