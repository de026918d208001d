// A model small enough to be trained inside a test: it learns the colours of a few plain pictures.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"
#include "train/trainer.hpp"

namespace beholder::tests {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// One plain picture and its colour's name.
struct PlainPicture {
  std::string file, color;
  int red, green, blue;
};

inline const std::vector<PlainPicture>& plain_pictures() {
  static const std::vector<PlainPicture> pictures = {
      {"r1.png", "red", 230, 20, 20},   {"r2.png", "red", 190, 40, 30},
      {"r3.png", "red", 250, 60, 50},   {"g1.png", "green", 20, 220, 30},
      {"g2.png", "green", 40, 180, 20}, {"b1.png", "blue", 20, 30, 230},
      {"b2.png", "blue", 40, 20, 180},  {"b3.png", "blue", 60, 50, 250},
  };
  return pictures;
}

/// A training set in a folder of its own: pictures, rows, tokenizer, configurations.
class TinyWorkshop {
 public:
  explicit TinyWorkshop(std::int64_t steps = 150) {
    fs::create_directories(root() / "pictures");
    std::string questions, captions;
    for (const PlainPicture& plain : plain_pictures()) {
      cv::Mat pixels(40, 48, CV_8UC3, cv::Scalar(plain.blue, plain.green, plain.red));
      if (!cv::imwrite(picture(plain.file).string(), pixels))
        throw std::runtime_error("cannot write a picture");
      const std::string image = "pictures/" + plain.file;
      const auto row = [&](const char* question, const std::string& answer) {
        questions +=
            Json({{"image", image}, {"question", question}, {"answer", answer}}).dump() + "\n";
      };
      row("what color is it?", plain.color);
      row("is it red?", plain.color == "red" ? "yes" : "no");
      captions += Json({{"image", image},
                        {"captions", {"a " + plain.color + " square", "it is " + plain.color}}})
                      .dump() +
                  "\n";
    }
    write_text(root() / "questions.jsonl", questions);
    write_text(root() / "captions.jsonl", captions);

    fs::create_directories(root() / "start");
    write_text(root() / "start/vocab.txt",
               "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhat\ncolor\nis\nit\n?\nred\ngreen\nblue\n"
               "yes\nno\na\nsquare\nthe\nthere\ndog\n");
    write_text(root() / "start/tokenizer_config.json", R"({"do_lower_case": true})");
    const Json layer = {{"num_attention_heads", 2},
                        {"intermediate_size", 32},
                        {"num_hidden_layers", 1},
                        {"layer_norm_eps", 1e-5},
                        {"hidden_size", 16}};
    const auto part = [&](const Json& more) {
      Json out = layer;
      out.update(more);
      return out;
    };
    model_ = {
        {"format_version", 1},
        {"model_type", "beholder"},
        {"vision", part({{"kind", "patch"}, {"image_size", 32}, {"patch_size", 16}})},
        {"image", {{"resample", "area"}, {"mean", {0.5, 0.5, 0.5}}, {"std", {0.5, 0.5, 0.5}}}},
        {"text",
         part({{"vocab_size", 20}, {"max_position_embeddings", 16}, {"type_vocab_size", 2}})},
        {"fusion", part({{"vocab_size", 4}, {"max_position_embeddings", 12}})},
        {"max_question_tokens", 16}};
    train_ = {{"model", (root() / "start").string()},
              {"tokenizer", (root() / "start").string()},
              {"run", (root() / "run").string()},
              {"seed", 3},
              {"threads", 1},
              {"min_token_count", 1},
              {"dropout", 0},
              {"cell_dropout", 0.25},
              {"label_smoothing", 0},
              {"ema_decay", 0.9},
              {"datasets",
               {{{"name", "colors"},
                 {"captions", {(root() / "captions.jsonl").string()}},
                 {"questions", {(root() / "questions.jsonl").string()}},
                 {"pictures_per_step", 8},
                 {"captions_per_picture", 2},
                 {"questions_per_picture", 2}}}},
              {"stages",
               {{{"steps", steps},
                 {"learning_rate", 1e-2},
                 {"warmup_steps", steps / 10},
                 {"weights", {{"colors", 1}}}}}}};
  }

  fs::path root() const { return folder_.path(); }
  fs::path picture(const std::string& file) const { return root() / "pictures" / file; }
  fs::path run() const { return train_.at("run").get<std::string>(); }
  fs::path trained() const { return run() / "model"; }

  Json& model() { return model_; }       ///< config.json of the model to be trained
  Json& train_file() { return train_; }  ///< the training file

  /// Writes both configurations and reads them as the program does.
  train::TrainConfig config() const {
    write_text(root() / "start/config.json", model_.dump(2));
    write_text(root() / "train.json", train_.dump(2));
    return train::load_train_config(root() / "train.json");
  }

 private:
  io::TemporaryFolder folder_;
  Json model_, train_;
};

/// One workshop with its model trained, shared by the tests of a program.
inline const TinyWorkshop& trained_workshop() {
  static const TinyWorkshop workshop;
  static const bool done = (train::train(workshop.config()), true);
  (void)done;
  return workshop;
}

}  // namespace beholder::tests
