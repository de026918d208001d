// The whole training of an answer scorer on a handful of pictures, with the bundled model as base.
#include "train/answer_scorer_trainer.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "beholder/engine.hpp"
#include "convert/export_model.hpp"
#include "io/temporary_folder.hpp"
#include "scene/answer_scorer.hpp"
#include "support/tiny_model.hpp"

namespace beholder::train {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using tests::error_of;
using tests::read_text;
using tests::write_text;

const fs::path kRoot = BEHOLDER_SOURCE_DIR;

class AnswerScorerTrainer : public ::testing::Test {
 protected:
  AnswerScorerTrainer() {
    std::string texts, questions, captions;
    for (int i = 0; i < 60; ++i) {
      texts += text_row(3 * i, "What color is the cup?", i % 3 == 0 ? "blue" : "red");
      texts += text_row(3 * i + 1, "Is it raining?", i % 3 == 0 ? "yes" : "no");
      texts += text_row(3 * i + 2, "How many cups are there?", i % 3 == 0 ? "2" : "1");
    }
    int id = 1000;
    for (const char* name : {"coffee.jpg", "cat.jpg", "rocket.jpg", "pavilion.jpg", "flower.jpg"}) {
      const std::string picture = (kRoot / "samples" / name).string();
      captions += json{{"image", picture}, {"captions", {"a cup on a table", "a red cup"}}}.dump();
      captions += '\n';
      for (const auto& [question, answer] : {std::pair{"What color is the cup?", "red"},
                                             {"Is it raining?", "no"},
                                             {"How many cups are there?", "1"}}) {
        questions += json{
            {"image", picture},
            {"question", question},
            {"answers", {{answer, 10}}},
            {"question_id",
             id++}}.dump();
        questions += '\n';
      }
    }
    write_text(folder_ / "texts.jsonl", texts);
    write_text(folder_ / "questions.jsonl", questions);
    write_text(folder_ / "captions.jsonl", captions);
    write_text(folder_ / "decoder.jsonl", json{{"image", (kRoot / "samples/scene.png").string()},
                                               {"question", "what is it?"},
                                               {"answer", "table"}}
                                                  .dump() +
                                              "\n");
    file_ = {{"kind", "answer_scorer"},
             {"base", (kRoot / "models/beholder").string()},
             {"texts", {path("texts.jsonl")}},
             {"questions", {path("questions.jsonl")}},
             {"captions", {path("captions.jsonl")}},
             {"decoder_photos", {path("decoder.jsonl")}},
             {"min_word_photos", 2},
             {"width", 64},
             {"prior", {{"steps", 30}, {"learning_rate", 0.01}}},
             {"photo_words", {{"steps", 5}}},
             {"run", path("run")}};
  }

  static std::string text_row(int id, const char* question, const char* answer) {
    return json{{"question_id", id},
                {"question", question},
                {"type", "x"},
                {"answers", {{answer, 10}}}}
               .dump() +
           "\n";
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  AnswerScorerTrainConfig config() const {
    write_text(folder_ / "train.json", file_.dump());
    return load_answer_scorer_train_config(folder_ / "train.json");
  }

  io::TemporaryFolder folder_;
  json file_;
};

TEST_F(AnswerScorerTrainer, WritesWhatAModelAnswersWith) {
  train_answer_scorer(config(), {});
  const auto lists = scene::AnswerScorerConfig::load(folder_ / "run/model/answer_scorer.json");
  EXPECT_EQ(lists.answers, (std::vector<std::string>{"1", "no", "red", "2", "blue", "yes"}));
  EXPECT_NE(std::find(lists.words.begin(), lists.words.end(), "cup"), lists.words.end());
  EXPECT_GT(lists.weights[static_cast<std::size_t>(scene::AnswerForm::kYesNo)][0], 0);
  convert::join_model(kRoot / "models/beholder", {folder_ / "run/model"}, folder_ / "joined");
  const Engine engine = Engine::load(folder_ / "joined");
  const Picture picture = engine.encode(kRoot / "samples/coffee.jpg");
  AnswerOptions all;
  all.min_confidence = 0;
  EXPECT_EQ(engine.answer(picture, "is it raining?", all).text, "no");
  EXPECT_EQ(engine.answer(picture, "how many cups are there?", all).text, "1");
  // What was seen is not looked at again.
  const std::string seen = read_text(folder_ / "run/photos.jsonl");
  train_answer_scorer(config(), {});
  EXPECT_EQ(read_text(folder_ / "run/photos.jsonl"), seen);
}

TEST_F(AnswerScorerTrainer, LeavesOutWhatItIsMeasuredOn) {
  file_["leave_out"] = json::array({path("left.jsonl")});
  std::string left;
  for (int i = 0; i < 60; ++i)  // every question about colours
    left += json{{"image", "x.jpg"}, {"question", "q"}, {"answer", "a"}, {"question_id", 3 * i}}
                .dump() +
            "\n";
  write_text(folder_ / "left.jsonl", left);
  train_answer_scorer(config(), {});
  const auto lists = scene::AnswerScorerConfig::load(folder_ / "run/model/answer_scorer.json");
  EXPECT_EQ(lists.answers, (std::vector<std::string>{"1", "no", "2", "yes"}));
}

TEST_F(AnswerScorerTrainer, NamesWhatIsWrong) {
  file_["captions"] = json::array();
  EXPECT_NE(std::string(error_of([&] { config(); }).what()).find("captions"), std::string::npos);
  file_["captions"] = {path("captions.jsonl")};
  file_["steps"] = 3;
  EXPECT_NE(std::string(error_of([&] { config(); }).what()).find("steps"), std::string::npos);
  file_.erase("steps");
  file_["min_answer_votes"] = 1e6;
  EXPECT_EQ(error_of([&] { train_answer_scorer(config(), {}); }).code(), ErrorCode::kDataFormat);
}

}  // namespace
}  // namespace beholder::train
