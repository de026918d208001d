#include <gtest/gtest.h>

#include <algorithm>

#include "program.hpp"

namespace beholder::tests {
namespace {

bool contains(const Keys& all, const std::string& key) {
  return std::find(all.begin(), all.end(), key) != all.end();
}

TEST(CliEval, WritesFiguresAndPredictions) {
  io::TemporaryFolder folder;
  const auto row = [](const std::string& image, const char* question, const char* answer) {
    return Json({{"image", image}, {"question", question}, {"answer", answer}}).dump() + "\n";
  };
  write_text(folder / "rows.jsonl", row(sample("cat.jpg"), "what animal is this?", "cat") +
                                        row(sample("coffee.jpg"), "what is in the cup?", "coffee") +
                                        row("none.jpg", "is there a dog?", "no"));
  const Finished ran = run({"eval", "--data", (folder / "rows.jsonl").string(), "--json",
                            "--predictions", (folder / "out.jsonl").string()});
  EXPECT_EQ(ran.code, 3) << ran.err;
  EXPECT_NE(ran.err.find("none.jpg"), std::string::npos) << ran.err;
  ASSERT_EQ(ran.rows().size(), 1u) << ran.out;
  const Json figures = ran.rows()[0];
  for (const char* key : {"n", "accuracy", "wups_0.9", "wups_0.0", "ece", "risk_at_50", "coverage",
                          "baselines", "unreadable"})
    EXPECT_TRUE(figures.contains(key)) << key;
  EXPECT_EQ(figures.at("n"), 2);
  EXPECT_EQ(figures.at("unreadable"), 1);
  EXPECT_EQ(keys(figures.at("baselines")),
            (Keys{"question_only", "blank_picture", "shuffled_pictures"}));
  EXPECT_TRUE(figures.at("baselines").at("question_only").is_null());
  EXPECT_TRUE(figures.at("baselines").at("blank_picture").is_number());

  // The same model has changed nothing; other rows are refused.
  const auto compared = [&](const std::string& file) {
    return run({"eval", "--data", (folder / "rows.jsonl").string(), "--json", "--no-baselines",
                "--compare", file});
  };
  const Finished same = compared((folder / "out.jsonl").string());
  EXPECT_EQ(same.rows().at(0).at("changed").at("n"), 0) << same.err;
  write_text(folder / "other.jsonl", "{\"image\":\"x.jpg\",\"prediction\":\"a\"}\n");
  const Finished other = compared((folder / "other.jsonl").string());
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.err.find("other.jsonl, line 1"), std::string::npos) << other.err;

  Finished predictions;
  predictions.out = read_text(folder / "out.jsonl");
  ASSERT_EQ(predictions.rows().size(), 2u);
  EXPECT_EQ(keys(predictions.rows()[0]),
            (Keys{"image", "question", "answer", "prediction", "confidence"}));
  EXPECT_EQ(predictions.rows()[1].at("answer"), "coffee");
}

TEST(CliEval, RowsKeepTheirIdsAndPublicFormsAreWritten) {
  io::TemporaryFolder folder;
  const std::string data = (folder / "rows.jsonl").string(), out = (folder / "out.json").string();
  const auto eval = [&](const std::string& rows, const Keys& more) {
    write_text(data, rows);
    Keys words = {"eval",    "--data",        data, "--json", "--no-baselines",
                  "--force", "--predictions", out};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  };
  const auto row = [&](const Json& more) {
    Json out = {{"image", sample("cat.jpg")}, {"question", "is there a cat?"}};
    out.update(more);
    return out.dump() + "\n";
  };
  const std::string rows = row({{"answer", 1}, {"question_id", 7}, {"image_id", 42}}) +
                           row({{"answers", {"yes", "yes", "no"}}, {"question_id", "x"}});
  Finished ran = eval(rows, {});
  EXPECT_EQ(ran.code, 0) << ran.err;
  Finished predictions;
  predictions.out = read_text(out);
  EXPECT_EQ(predictions.rows().at(0).at("question_id"), 7);
  EXPECT_EQ(predictions.rows()[0].at("image_id"), 42);
  EXPECT_EQ(predictions.rows()[0].at("answer"), "1");
  EXPECT_EQ(predictions.rows().at(1).at("question_id"), "x");

  ran = eval(rows, {"--format", "vqa"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  const Json results = Json::parse(read_text(out));
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(keys(results[0]), (Keys{"question_id", "answer"}));
  EXPECT_EQ(results[0].at("question_id"), 7);
  fs::remove(out);
  ran = eval(row({{"answer", 1}, {"question_id", 7}}) + row({{"answer", 1}}), {"--format", "vqa"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("rows.jsonl:2"), std::string::npos) << ran.err;
  EXPECT_FALSE(fs::exists(out));
  ran = eval(row({{"answer", 1}, {"question_id", 7}}) + row({{"answer", 1}, {"question_id", 7}}),
             {"--format", "vqa"});
  EXPECT_NE(ran.err.find("rows.jsonl:2"), std::string::npos) << ran.err;
  EXPECT_EQ(eval(rows, {"--format", "coco"}).code, 2);

  // Questions that nobody answered are asked all the same.
  ran = eval(row({{"question_id", 7}}), {"--format", "vqa"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(keys(ran.rows().at(0)), (Keys{"n", "unreadable"}));
  EXPECT_EQ(Json::parse(read_text(out)).at(0).at("question_id"), 7);
  EXPECT_EQ(eval(row({{"question_id", 7}}) + row({{"answer", 1}}), {}).code, 1) << "some, not all";

  const std::string captions =
      Json({{"image", sample("cat.jpg")}, {"captions", {"a cat"}}, {"image_id", 42}}).dump();
  ran = eval(captions, {"--format", "coco"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(Json::parse(read_text(out)).at(0).at("image_id"), 42);
  ran = eval(Json({{"image", sample("cat.jpg")}, {"captions", {"a cat"}}}).dump(),
             {"--format", "coco"});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("rows.jsonl:1"), std::string::npos) << ran.err;
}

TEST(CliEval, MeasuresCaptions) {
  io::TemporaryFolder folder;
  write_text(
      folder / "rows.jsonl",
      Json({{"image", sample("cat.jpg")}, {"captions", {"a cat looks up", "a cat"}}}).dump() +
          "\n");
  const Finished ran = run({"eval", "--data", (folder / "rows.jsonl").string(), "--json"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  for (const char* key : {"n", "bleu_1", "bleu_2", "bleu_3", "bleu_4", "cider"})
    EXPECT_TRUE(ran.rows().at(0).contains(key)) << key;
}

// How many of the sample questions the bundled model gets right; to be raised with the model.
constexpr double kRightAtLeast = 8;

TEST(CliEval, BundledModelAnswersTheSamples) {
  io::TemporaryFolder folder;
  const Finished ran = run({"eval", "--data", sample("questions.jsonl"), "--json", "--no-baselines",
                            "--predictions", (folder / "out.jsonl").string()});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.err, "");
  const Json figures = ran.rows().at(0);
  Finished asked, predictions;
  asked.out = read_text(sample("questions.jsonl"));
  predictions.out = read_text(folder / "out.jsonl");
  EXPECT_EQ(figures.at("n"), asked.rows().size());
  EXPECT_EQ(figures.at("unreadable"), 0);
  ASSERT_EQ(predictions.rows().size(), asked.rows().size());
  for (const Json& row : predictions.rows())
    EXPECT_FALSE(row.at("prediction").get<std::string>().empty()) << row;
  const double right = figures.at("accuracy").get<double>() * figures.at("n").get<double>();
  EXPECT_GE(right, kRightAtLeast - 1e-6) << predictions.out;
}

TEST(CliModel, SaysWhatIsInTheModel) {
  const std::string folder = (source_folder() / "models/beholder").string();
  const Finished ran = run({"model", "info", folder, "--json", "--tensors"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const Json info = ran.rows().at(0);
  for (const char* key : {"model", "file_bytes", "parameters", "parts", "config", "tensors"})
    EXPECT_TRUE(info.contains(key)) << key;
  EXPECT_EQ(info.at("model"), folder);
  std::uintmax_t weights = 0;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".safetensors") weights += entry.file_size();
  EXPECT_EQ(info.at("file_bytes"), weights);
  EXPECT_GT(info.at("parameters").get<double>(), 1e6);
  for (const char* part : {"vision_encoder", "text_encoder", "fusion_decoder"})
    EXPECT_TRUE(contains(keys(info.at("parts")), part)) << part;
  EXPECT_EQ(info.at("config").at("model_type"), "beholder");

  const Finished text = run({"model", "info", folder});
  EXPECT_EQ(text.code, 0);
  EXPECT_NE(text.out.find("million parameters"), std::string::npos);
  EXPECT_EQ(run({"model", "info", folder + "/none"}).code, 1);
  EXPECT_EQ(run({"model"}).code, 2);
}

TEST(CliModel, TheBundledModelIsSoundAndAsWritten) {
  const Finished ran = run({"model", "verify", "--json"});
  EXPECT_EQ(ran.code, 0) << ran.out << ran.err;
  const Json report = ran.rows().at(0);
  EXPECT_EQ(report.at("ok"), true);
  EXPECT_EQ(report.at("family"), "beholder");
  EXPECT_EQ(report.at("checksums"), "as written") << "run `beholder model checksum`";
}

// The bundled weights are compact already.
TEST(CliModel, ExportsFloatModelsAlone) {
  io::TemporaryFolder folder;
  const Finished ran = run({"model", "export", (source_folder() / "models/beholder").string(),
                            (folder / "out").string()});
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.err.find("float"), std::string::npos) << ran.err;
  EXPECT_EQ(run({"model", "export", "a", "b", "--storage", "int4"}).code, 2);
}

TEST(CliData, DerivesQuestions) {
  io::TemporaryFolder folder;
  std::string captions;
  const char* lines[][2] = {{"a brown dog runs on the grass", "a dog plays in a green field"},
                            {"two women in red shirts sit on a bench", "two women talk outside"},
                            {"a man rides a bicycle down a street", "a man in a blue shirt cycles"},
                            {"three children swim in a pool", "children play in the water"},
                            {"a black cat sleeps on a chair", "a cat lies on a chair"}};
  for (std::size_t i = 0; i < 40; ++i)
    captions += Json({{"image", "p" + std::to_string(i) + ".jpg"},
                      {"captions", {lines[i % 5][0], lines[i % 5][1]}}})
                    .dump() +
                "\n";
  write_text(folder / "captions.jsonl", captions);
  const auto derive = [&](const std::string& out, const std::string& seed) {
    return run({"data", "derive", "--captions", (folder / "captions.jsonl").string(), "--out",
                (folder / out).string(), "--seed", seed});
  };
  const Finished ran = derive("one.jsonl", "7");
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(ran.out, "");
  Finished rows;
  rows.out = read_text(folder / "one.jsonl");
  ASSERT_GT(rows.rows().size(), 20u);
  for (const Json& row : rows.rows()) {
    EXPECT_TRUE(row.at("question").is_string());
    EXPECT_TRUE(row.at("answer").is_string());
    // Absolute or relative to the file written.
    const fs::path image = folder.path() / row.at("image").get<std::string>();
    EXPECT_EQ(image.lexically_normal().parent_path(), folder.path()) << row;
  }
  ASSERT_EQ(derive("two.jsonl", "7").code, 0);
  EXPECT_EQ(read_text(folder / "two.jsonl"), rows.out);

  write_text(folder / "captions.jsonl", captions + "{\"image\": 3}\n");
  const Finished bad = derive("three.jsonl", "7");
  EXPECT_EQ(bad.code, 1);
  EXPECT_NE(bad.err.find("captions.jsonl:41"), std::string::npos) << bad.err;
  EXPECT_FALSE(fs::exists(folder / "three.jsonl"));
}

TEST(CliTrain, NamesWhatIsWrongWithTheFile) {
  io::TemporaryFolder folder;
  const std::string file = (folder / "train.json").string();
  for (const char* verb : {"train", "calibrate"}) {
    std::vector<std::string> words = {verb, "--config", file};
    if (words[0] == "calibrate")
      words.insert(words.end(), {"--model", folder.path().string(), "--in-place"});
    fs::remove(file);
    EXPECT_EQ(run(words).code, 1);
    write_text(file, "{\"model\": 3}");
    const Finished ran = run(words);
    EXPECT_EQ(ran.code, 1);
    EXPECT_NE(ran.err.find("'model'"), std::string::npos) << ran.err;
  }
  EXPECT_EQ(run({"train"}).code, 2);
}

}  // namespace
}  // namespace beholder::tests
