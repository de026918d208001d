#include "beholder/engine.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <thread>

#include "support/tiny_model.hpp"

namespace beholder {
namespace {

using tests::error_of;
using tests::plain_pictures;
using tests::read_text;
using tests::trained_workshop;
using tests::write_text;

const Engine& engine() {
  static const Engine loaded = Engine::load(trained_workshop().trained(), [] {
    EngineOptions options;
    options.threads = 1;
    return options;
  }());
  return loaded;
}

Picture red() { return engine().encode(trained_workshop().picture("r1.png")); }

TEST(Engine, OnePictureServesManyQuestions) {
  const Picture kept = red();
  for (const char* question : {"what color is it?", "is it red?", "is there a dog?"}) {
    const Answer shared = engine().answer(kept, question), own = engine().answer(red(), question);
    EXPECT_EQ(shared.text, own.text);
    EXPECT_EQ(shared.confidence, own.confidence);
    EXPECT_GE(shared.timing.text, 0);
    EXPECT_GT(shared.timing.fusion, 0);
  }
  EXPECT_EQ(engine().answer(kept, "what color is it?").text, "red");
  EXPECT_GT(kept.timing().decode, 0);
  EXPECT_GT(kept.timing().vision, 0);
}

TEST(Engine, FileBytesAndPixelsAreOnePicture) {
  const auto path = trained_workshop().picture("b2.png");
  const std::string bytes = read_text(path);
  const auto& plain = plain_pictures()[6];
  ASSERT_EQ(plain.file, "b2.png");
  std::vector<std::uint8_t> rgb;
  for (int i = 0; i < 48 * 40; ++i)
    for (const int value : {plain.red, plain.green, plain.blue})
      rgb.push_back(static_cast<std::uint8_t>(value));
  const double wanted = engine().answer(engine().encode(path), "is it red?").confidence;
  const Picture from_bytes =
      engine().encode(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), "bytes");
  EXPECT_EQ(engine().answer(from_bytes, "is it red?").confidence, wanted);
  EXPECT_EQ(engine().answer(engine().encode_rgb(rgb.data(), 48, 40), "is it red?").confidence,
            wanted);
}

// With both views a picture and its mirror image are the same two views.
TEST(Engine, MirrorImageSaysTheSame) {
  std::vector<std::uint8_t> rgb, flipped;
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x)
      for (const int channel : {0, 1, 2}) {
        const auto value = [&](int at) {
          return static_cast<std::uint8_t>(at < 12 ? (channel == 0 ? 240 : 30)
                                                   : (channel == 2 ? 200 : 40));
        };
        rgb.push_back(value(x));
        flipped.push_back(value(31 - x));
      }
  const auto ask = [&](const Engine& engine, const std::vector<std::uint8_t>& pixels) {
    return engine.answer(engine.encode_rgb(pixels.data(), 32, 32), "what color is it?")
        .top_k[0]
        .probability;
  };
  EXPECT_NEAR(ask(engine(), rgb), ask(engine(), flipped), 1e-5);
  EngineOptions alone;
  alone.threads = 1;
  alone.mirror = false;
  const Engine single = Engine::load(trained_workshop().trained(), alone);
  EXPECT_GT(std::abs(ask(single, rgb) - ask(single, flipped)), 1e-5);
}

TEST(Engine, ListsAnswersByProbability) {
  AnswerOptions options;
  options.top_k = 4;
  // No question that asks for a kind of answer: all are listed.
  const Answer answer = engine().answer(red(), "color", options);
  ASSERT_EQ(answer.top_k.size(), 4u);
  std::set<std::string> different;
  double total = 0, last = 1;
  for (const ScoredAnswer& candidate : answer.top_k) {
    EXPECT_GE(candidate.probability, 0);
    EXPECT_LE(candidate.probability, last);
    last = candidate.probability;
    total += candidate.probability;
    EXPECT_FALSE(candidate.answer.empty());
    different.insert(candidate.answer);
  }
  EXPECT_LE(total, 1 + 1e-5);
  EXPECT_EQ(different.size(), 4u);
  EXPECT_EQ(answer.text, answer.top_k[0].answer);
  // Not calibrated: the confidence is the probability.
  EXPECT_NEAR(answer.confidence, answer.top_k[0].probability, 1e-5);
  options.top_k = 1;
  EXPECT_EQ(engine().answer(red(), "what color is it?", options).top_k.size(), 1u);
}

TEST(Engine, ChoosesAmongChoices) {
  AnswerOptions options;
  options.choices = {"green", "blue", "red"};
  options.top_k = 3;
  const Answer answer = engine().answer(red(), "what color is it?", options);
  EXPECT_EQ(answer.text, "red");
  ASSERT_EQ(answer.top_k.size(), 3u);
  double total = 0;
  for (const ScoredAnswer& candidate : answer.top_k) total += candidate.probability;
  EXPECT_NEAR(total, 1, 1e-9);
  options.choices = {"blue", "green"};
  EXPECT_NE(engine().answer(red(), "what color is it?", options).text, "red");
  options.choices = {"blue", ""};
  EXPECT_EQ(error_of([&] { engine().answer(red(), "what color is it?", options); }).code(),
            ErrorCode::kUsage);
}

TEST(Engine, AbstainsBelowTheThreshold) {
  AnswerOptions options;
  options.min_confidence = 1;
  const Answer answer = engine().answer(red(), "what color is it?", options);
  EXPECT_TRUE(answer.abstained);
  EXPECT_EQ(answer.text, kAbstention);
  EXPECT_EQ(answer.text, "I don't know");
  ASSERT_FALSE(answer.top_k.empty());
  EXPECT_EQ(answer.top_k[0].answer, "red");
  options.min_confidence = 0;
  EXPECT_FALSE(engine().answer(red(), "what color is it?", options).abstained);
}

TEST(Engine, RefusesWhatMakesNoSense) {
  const auto code = [](const std::string& question, const AnswerOptions& options = {}) {
    return error_of([&] { engine().answer(red(), question, options); }).code();
  };
  EXPECT_EQ(code(""), ErrorCode::kUsage);
  EXPECT_EQ(code(" \n\t"), ErrorCode::kUsage);
  // 16 tokens at most, two of them [CLS] and [SEP].
  std::string question = "is";
  for (int i = 1; i < 13; ++i) question += " it";  // and a question mark
  EXPECT_FALSE(engine().answer(red(), question).top_k.empty());
  EXPECT_EQ(code(question + " it"), ErrorCode::kQuestionTooLong);
  AnswerOptions options;
  options.top_k = 0;
  EXPECT_EQ(code("is it red?", options), ErrorCode::kUsage);
  options.top_k = 101;
  EXPECT_EQ(code("is it red?", options), ErrorCode::kUsage);
  options = {};
  options.num_beams = 0;
  EXPECT_EQ(code("is it red?", options), ErrorCode::kUsage);
  options = {};
  options.min_confidence = 1.5;
  EXPECT_EQ(code("is it red?", options), ErrorCode::kUsage);
  EngineOptions threads;
  threads.threads = -1;
  EXPECT_EQ(error_of([&] { Engine::load(trained_workshop().trained(), threads); }).code(),
            ErrorCode::kUsage);
}

TEST(Engine, RefusesBadPictures) {
  io::TemporaryFolder folder;
  const auto code = [](const std::filesystem::path& path) {
    return error_of([&] { engine().encode(path); }).code();
  };
  EXPECT_EQ(code(folder / "none.png"), ErrorCode::kFileNotFound);
  write_text(folder / "text.png", "no picture");
  EXPECT_EQ(code(folder / "text.png"), ErrorCode::kPictureFormat);
  const std::string whole = read_text(trained_workshop().picture("r1.png"));
  write_text(folder / "cut.png", whole.substr(0, 60));
  EXPECT_EQ(code(folder / "cut.png"), ErrorCode::kPictureCorrupt);
  EXPECT_EQ(error_of([] { engine().encode_rgb(nullptr, 2, 2); }).code(), ErrorCode::kUsage);
  EngineOptions options;
  options.threads = 1;
  options.max_pixels = 48 * 40 - 1;
  const Engine strict = Engine::load(trained_workshop().trained(), options);
  EXPECT_EQ(error_of([&] { strict.encode(trained_workshop().picture("r1.png")); }).code(),
            ErrorCode::kPictureTooLarge);
}

TEST(Engine, DescribesInDifferentWords) {
  DescribeOptions options;
  options.num = 3;
  for (const double temperature : {0.0, 1.5}) {
    options.temperature = temperature;
    const Descriptions descriptions = engine().describe(red(), options);
    std::set<std::string> different;
    for (const Description& description : descriptions.list) {
      EXPECT_FALSE(description.text.empty());
      EXPECT_GT(description.probability, 0);
      EXPECT_LE(description.probability, 1);
      different.insert(description.text);
    }
    EXPECT_EQ(different.size(), descriptions.list.size());
    if (temperature == 0) {
      EXPECT_EQ(different.size(), 3u);
    }
    const Descriptions again = engine().describe(red(), options);
    ASSERT_EQ(again.list.size(), descriptions.list.size());
    EXPECT_EQ(again.list[0].text, descriptions.list[0].text);
  }
  options = {};
  options.num = 0;
  EXPECT_EQ(error_of([&] { engine().describe(red(), options); }).code(), ErrorCode::kUsage);
  options = {};
  options.max_new_tokens = 0;
  EXPECT_EQ(error_of([&] { engine().describe(red(), options); }).code(), ErrorCode::kUsage);
  EXPECT_EQ(error_of([] { engine().describe(Picture()); }).code(), ErrorCode::kUsage);
  AnswerOptions answering;
  answering.max_new_tokens = 0;
  EXPECT_EQ(error_of([&] { engine().answer(red(), "what?", answering); }).code(),
            ErrorCode::kUsage);
}

TEST(Engine, NoDescriptionIsEmpty) {
  DescribeOptions options;
  options.num = 40;
  options.temperature = 50;  // nearly every token as likely as another, the end among them
  options.top_p = 1;
  for (const Description& description : engine().describe(red(), options).list)
    EXPECT_FALSE(description.text.empty());
}

TEST(Engine, AnswersWithoutPicture) {
  const Answer answer = engine().answer(Picture(), "what color is it?");
  EXPECT_FALSE(answer.text.empty());
  EXPECT_EQ(answer.timing.decode, 0);
  EXPECT_EQ(answer.timing.vision, 0);
}

TEST(Engine, ThreadsAnswerAsOneDoes) {
  const char* questions[] = {"what color is it?", "is it red?"};
  std::vector<Answer> serial;
  for (const auto& plain : plain_pictures())
    for (const char* question : questions)
      serial.push_back(
          engine().answer(engine().encode(trained_workshop().picture(plain.file)), question));
  std::vector<std::vector<Answer>> parallel(4);
  std::vector<std::thread> threads;
  for (auto& answers : parallel)
    threads.emplace_back([&answers, &questions] {
      for (const auto& plain : plain_pictures()) {
        const Picture picture = engine().encode(trained_workshop().picture(plain.file));
        for (const char* question : questions)
          answers.push_back(engine().answer(picture, question));
      }
    });
  for (std::thread& thread : threads) thread.join();
  for (const auto& answers : parallel) {
    ASSERT_EQ(answers.size(), serial.size());
    for (std::size_t i = 0; i < serial.size(); ++i) {
      EXPECT_EQ(answers[i].text, serial[i].text);
      EXPECT_NEAR(answers[i].confidence, serial[i].confidence, 1e-5);
    }
  }
}

/// A copy of the trained model to be damaged.
class DamagedModel : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::copy(trained_workshop().trained(), path());
    Engine::load(path());
  }
  std::filesystem::path path() const { return folder_ / "model"; }
  void edit(const char* file, const std::function<void(tests::Json&)>& change) const {
    tests::Json json = tests::Json::parse(read_text(path() / file));
    change(json);
    write_text(path() / file, json.dump());
  }
  void expect(ErrorCode code, const std::vector<std::string>& named) const {
    const Error error = error_of([&] { Engine::load(path()); });
    EXPECT_EQ(error.code(), code) << error_code_name(error.code()) << ": " << error.what();
    for (const std::string& word : named)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos)
          << word << " is not in: " << error.what();
  }

 private:
  io::TemporaryFolder folder_;
};

TEST_F(DamagedModel, MissingFile) {
  for (const char* file : {"config.json", "vocab.txt", "tokenizer_config.json", "output_vocab.txt",
                           "model.safetensors"}) {
    std::filesystem::rename(path() / file, path() / "away");
    expect(ErrorCode::kFileNotFound, {file});
    std::filesystem::rename(path() / "away", path() / file);
  }
  std::filesystem::remove_all(path());
  expect(ErrorCode::kFileNotFound, {"model"});
}

TEST_F(DamagedModel, TruncatedWeights) {
  const std::string whole = read_text(path() / "model.safetensors");
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{5}, std::size_t{300}, whole.size() - 1}) {
    write_text(path() / "model.safetensors", whole.substr(0, size));
    expect(ErrorCode::kModelFormat, {"model.safetensors"});
  }
}

TEST_F(DamagedModel, TensorLeftOverOrMissing) {
  const auto rewrite = [&](const std::string& omitted, const std::string& added) {
    const auto file = io::SafetensorsFile::open(trained_workshop().trained() / "model.safetensors");
    io::SafetensorsWriter writer;
    for (const std::string& name : file.names()) {
      const io::TensorView& view = file.at(name);
      if (name != omitted) writer.add(name, view.dtype, view.shape, view.data, view.bytes);
    }
    const float one = 1;
    if (!added.empty()) writer.add_copy(added, io::DType::kF32, {1}, &one, sizeof one);
    writer.write(path() / "model.safetensors");
  };
  rewrite("", "more.weight");
  expect(ErrorCode::kModelFormat, {"model.safetensors", "more.weight"});
  rewrite("vision_encoder.norm.weight", "");
  expect(ErrorCode::kModelFormat, {"model.safetensors", "vision_encoder.norm.weight"});
}

TEST_F(DamagedModel, Configuration) {
  const std::string whole = read_text(path() / "config.json");
  const auto damaged = [&](const std::function<void(tests::Json&)>& change,
                           const std::string& named) {
    edit("config.json", change);
    expect(ErrorCode::kModelFormat, {named});
    write_text(path() / "config.json", whole);
  };
  damaged([](auto& json) { json["colour"] = 1; }, "config.json: key 'colour'");
  damaged([](auto& json) { json["vision"]["depth"] = 1; }, "vision.depth");
  damaged([](auto& json) { json["format_version"] = 2; }, "format_version");
  damaged([](auto& json) { json["vision"]["patch_size"] = 15; }, "patch_size");
  damaged([](auto& json) { json["vision"]["hidden_size"] = "16"; }, "vision.hidden_size");
  damaged([](auto& json) { json["fusion"].erase("hidden_size"); }, "fusion.hidden_size");
  damaged([](auto& json) { json["fusion"]["hidden_size"] = 32; }, "model.safetensors");
  damaged([](auto& json) { json["fusion"]["num_attention_heads"] = 3; }, "head");
  damaged([](auto& json) { json["text"]["num_hidden_layers"] = 2; }, "model.safetensors");
  damaged([](auto& json) { json["image"]["std"] = {1, 0, 1}; }, "image.std");
  damaged([](auto& json) { json["calibration"]["min_confidence"] = 2; }, "min_confidence");
  write_text(path() / "config.json", whole.substr(0, whole.size() / 2));
  expect(ErrorCode::kModelFormat, {"config.json"});
}

TEST_F(DamagedModel, Vocabularies) {
  const std::string words = read_text(path() / "vocab.txt");
  write_text(path() / "vocab.txt", words + "cat\n");
  expect(ErrorCode::kModelFormat, {"vocab.txt"});
  write_text(path() / "vocab.txt", words);
  const std::string output = read_text(path() / "output_vocab.txt");
  write_text(path() / "output_vocab.txt", output + "cat\n");
  expect(ErrorCode::kModelFormat, {"output_vocab.txt"});
  write_text(path() / "output_vocab.txt", output.substr(6));
  expect(ErrorCode::kModelFormat, {"output_vocab.txt"});
  write_text(path() / "output_vocab.txt", output);
  write_text(path() / "tokenizer_config.json", "[");
  expect(ErrorCode::kModelFormat, {"tokenizer_config.json"});
}

}  // namespace
}  // namespace beholder
