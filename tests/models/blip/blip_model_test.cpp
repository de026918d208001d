// Against the reference, a stage at a time: tools/golden_blip.py wrote tests/golden/blip.
#include "models/blip/blip_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/engine_impl.hpp"
#include "io/model_weights.hpp"
#include "io/temporary_folder.hpp"
#include "models/verify.hpp"
#include "nn/shape.hpp"
#include "support/text_files.hpp"
#include "text/vocabulary_file.hpp"
#include "text/word_joiner.hpp"
#include "vision/intake/image_decoder.hpp"

namespace beholder::models::blip {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using tests::error_of;
using tests::read_text;
using tests::write_text;

const fs::path kFolder = fs::path(BEHOLDER_SOURCE_DIR) / "tests/golden/blip";

Json golden(const std::string& family) {
  return Json::parse(read_text(kFolder / family / "golden.json"));
}

struct Checkpoint {
  explicit Checkpoint(const std::string& family)
      : config(load_blip_config(kFolder / family)),
        parameters(blip_weights(io::open_weights(kFolder / family), config)),
        networks(parameters, config) {
    parameters.check_all_used();
  }
  BlipConfig config;
  nn::StoredParameters parameters;
  BlipNetworks networks;
};

at::Tensor pixels_of(const Checkpoint& checkpoint, const std::string& file) {
  const std::string bytes = read_text(kFolder / file);
  const vision::Image image = vision::decode_image(
      reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), file, {});
  const vision::ProcessedImage pixels =
      vision::ImageProcessor(checkpoint.config.image).process(image);
  return at::tensor(pixels.pixel_values).view({1, 3, pixels.height, pixels.width});
}

void expect_near(const at::Tensor& got, const Json& wanted, double tolerance,
                 const std::string& what) {
  const at::Tensor values = got.contiguous().reshape({-1});
  ASSERT_EQ(values.numel(), static_cast<std::int64_t>(wanted.size())) << what;
  for (std::int64_t i = 0; i < values.numel(); ++i)
    ASSERT_NEAR(values[i].item<float>(), wanted[static_cast<std::size_t>(i)].get<double>(),
                tolerance)
        << what << " at " << i;
}

at::Tensor ids_of(const Json& ids) {
  return nn::id_tensor(ids.get<std::vector<std::int64_t>>()).unsqueeze(0);
}

/// What the reference's tokens say behind the words of a prompt, without the special ones.
std::string said(const std::string& family, const Json& tokens,
                 std::vector<std::string> pieces = {}) {
  const auto words = text::read_vocabulary_file(kFolder / family / "vocab.txt");
  for (const std::int64_t id : tokens)
    if (id > 4 && id < static_cast<std::int64_t>(words.size()))
      pieces.push_back(words[static_cast<std::size_t>(id)]);
  return text::join_pieces(pieces);
}

Picture encoded(const Engine& engine, const Json& picture) {
  return engine.encode(kFolder / picture["file"].get<std::string>());
}

TEST(Blip, SeesPicturesAsTheReferenceDoes) {
  for (const char* family : {"vqa", "caption", "itm"}) {
    const Checkpoint checkpoint(family);
    const Json all = golden(family);
    for (const Json& picture : all["pictures"]) {
      const at::Tensor pixels = pixels_of(checkpoint, picture["file"]);
      const at::Tensor part = pixels[0]
                                  .slice(1, 0, at::nullopt, 5)
                                  .slice(2, 0, at::nullopt, 3)
                                  .slice(1, 0, 8)
                                  .slice(2, 0, 8);
      expect_near(part, picture["pixel_values"], 1e-6, "pixel_values");
      const at::Tensor embeds = checkpoint.networks.vision_model->forward(pixels);
      expect_near(embeds[0].slice(0, 0, at::nullopt, 4).slice(1, 0, 8), picture["image_embeds"],
                  2e-5, family);
    }
  }
}

TEST(Blip, ABatchOfPicturesIsSeenAsOneByOne) {
  const Checkpoint checkpoint("caption");
  const at::Tensor wide = pixels_of(checkpoint, "wide.png"),
                   high = pixels_of(checkpoint, "high.png");
  const auto& model = *checkpoint.networks.vision_model;
  const at::Tensor both = model.forward(at::cat({wide, high}));
  EXPECT_LT((both[0] - model.forward(wide)[0]).abs().max().item<float>(), 1e-6);
  EXPECT_LT((both[1] - model.forward(high)[0]).abs().max().item<float>(), 1e-6);
}

TEST(Blip, ReadsQuestionsAndScoresAnswersAsTheReferenceDoes) {
  const Checkpoint checkpoint("vqa");
  const auto& networks = checkpoint.networks;
  const Json all = golden("vqa");
  for (const Json& picture : all["pictures"]) {
    const auto image = networks.text_encoder->project(
        networks.vision_model->forward(pixels_of(checkpoint, picture["file"])));
    for (const Json& row : picture["outputs"]) {
      const at::Tensor question = networks.text_encoder->forward(ids_of(row["ids"]), image, false);
      expect_near(question[0].slice(1, 0, 8), row["embeds"], 5e-5, "question_embeds");
      const auto memory = networks.text_decoder->project(question);
      const at::Tensor written = ids_of(row["logits_ids"]);
      const at::Tensor whole =
          networks.text_decoder->logits(networks.text_decoder->forward(written, memory, true));
      expect_near(whole[0].slice(1, 0, 40), row["logits"], 2e-4, "logits");
      // Token by token behind a cache it is the same.
      nn::KeyValueCache cache;
      for (std::int64_t t = 0; t < written.size(1); ++t) {
        const at::Tensor step = networks.text_decoder->logits(
            networks.text_decoder->step(written.slice(1, t, t + 1), memory, cache));
        EXPECT_LT((step[0][0] - whole[0][t]).abs().max().item<float>(), 1e-4);
      }
    }
  }
}

TEST(Blip, AnswersInTheReferencesTokens) {
  const Engine engine = Engine::load(kFolder / "vqa");
  EXPECT_TRUE(engine.can(Skill::kAnswer));
  EXPECT_FALSE(engine.can(Skill::kDescribe));
  const Json all = golden("vqa");
  for (const Json& picture : all["pictures"]) {
    const Picture seen = encoded(engine, picture);
    for (const Json& row : picture["outputs"]) {
      AnswerOptions options;
      for (const auto& [beams, name] : {std::pair{1, "greedy"}, {3, "beam"}}) {
        options.num_beams = beams;
        const std::string wanted = said("vqa", row[name]);
        EXPECT_EQ(engine.answer(seen, row["question"], options).top_k[0].answer,
                  wanted.empty() ? kAbstention : wanted)
            << row["question"] << " " << name;
      }
    }
  }
}

TEST(Blip, RanksChoicesByTheReferencesLikelihoods) {
  const Engine engine = Engine::load(kFolder / "vqa");
  const Json all = golden("vqa");
  AnswerOptions options;
  options.choices = all["choices"].get<std::vector<std::string>>();
  options.top_k = static_cast<int>(options.choices.size());
  for (const Json& picture : all["pictures"])
    for (const Json& row : picture["outputs"]) {
      const auto wanted = row["choices"].get<std::vector<double>>();
      double total = 0;
      for (const double score : wanted) total += std::exp(score);
      for (const auto& ranked :
           engine.answer(encoded(engine, picture), row["question"], options).top_k) {
        const auto place = std::find(options.choices.begin(), options.choices.end(), ranked.answer);
        const double score = wanted[static_cast<std::size_t>(place - options.choices.begin())];
        EXPECT_NEAR(ranked.probability, std::exp(score) / total, 2e-4) << ranked.answer;
      }
    }
  // With more than can be scored whole, the likeliest is the same.
  const Picture seen = encoded(engine, all["pictures"][0]);
  const std::string best = engine.answer(seen, "where is it?", options).text;
  for (int i = 0; i < 200; ++i)
    options.choices.push_back("the the the the the the the the" + std::string(i % 7, '?'));
  EXPECT_EQ(engine.answer(seen, "where is it?", options).text, best);
}

TEST(Blip, DescribesInTheReferencesTokensFromAnOlderFile) {
  ASSERT_TRUE(fs::exists(kFolder / "caption/pytorch_model.bin"));
  const Engine engine = Engine::load(kFolder / "caption");
  const Json all = golden("caption");
  for (const Json& picture : all["pictures"])
    for (const Json& row : picture["outputs"])
      for (const auto& [beams, name] : {std::pair{1, "greedy"}, {3, "beam"}, {5, "beam5"}}) {
        DescribeOptions options;
        options.prompt = row["prompt"];
        options.num_beams = beams;
        options.length_penalty = 1;
        options.max_new_tokens = all["limit"];
        std::vector<std::string> words;
        std::istringstream prompt(options.prompt);
        for (std::string word; prompt >> word;) words.push_back(word);
        const auto found = engine.describe(encoded(engine, picture), options);
        EXPECT_EQ(found.list.at(0).text, said("caption", row[name], words)) << name;
      }
}

TEST(Blip, MatchesTextsAsTheReferenceDoes) {
  const Engine engine = Engine::load(kFolder / "itm");
  const Json all = golden("itm");
  for (const Json& picture : all["pictures"])
    for (const Json& row : picture["outputs"]) {
      const Match match = engine.match(encoded(engine, picture), row["text"]);
      for (const char* name : {"itm", "itm_in_batch"}) {
        const double no = row[name][0], yes = row[name][1];
        EXPECT_NEAR(match.probability, 1 / (1 + std::exp(no - yes)), 1e-5) << name;
      }
      EXPECT_NEAR(match.cosine, row["cosine"].get<double>(), 1e-5);
    }
}

TEST(Blip, WritesAsManyTokensAsTheReferenceUnlessAsked) {
  const Engine engine = Engine::load(kFolder / "caption");
  const Picture seen = engine.encode(kFolder / "wide.png");
  DescribeOptions options;
  options.num_beams = 1;
  const auto words = [&] {
    std::istringstream in(engine.describe(seen, options).list.at(0).text);
    return std::distance(std::istream_iterator<std::string>(in), {});
  };
  options.max_new_tokens = 2;
  const auto two = words();
  options.max_new_tokens = 0;  // 20
  EXPECT_GE(words(), two);
  options.max_new_tokens = 20;
  const std::string twenty = engine.describe(seen, options).list.at(0).text;
  options.max_new_tokens = 0;
  EXPECT_EQ(engine.describe(seen, options).list.at(0).text, twenty);
  options.max_new_tokens = -1;
  EXPECT_THROW(engine.describe(seen, options), Error);
}

TEST(Blip, SaysWhatItCannotDo) {
  const Engine engine = Engine::load(kFolder / "caption");
  const Picture seen = engine.encode(kFolder / "wide.png");
  const auto code = [](const auto& call) {
    try {
      call();
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::kInternal;
  };
  EXPECT_EQ(code([&] { engine.answer(seen, "what?"); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { engine.objects(seen); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { engine.match(seen, "a dog"); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { engine.attention(seen, "", "a dog"); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { engine.score(seen, "a dog"); }), ErrorCode::kUnsupported);
  const Engine itm = Engine::load(kFolder / "itm");
  EXPECT_EQ(code([&] { itm.describe(itm.encode(kFolder / "wide.png")); }), ErrorCode::kUnsupported);
  EXPECT_EQ(code([&] { itm.match(itm.encode(kFolder / "wide.png"), " "); }), ErrorCode::kUsage);
}

std::string message_of(const fs::path& folder) {
  return error_of([&] { Engine::load(folder); }).what();
}

/// A copy of a golden folder that a test may spoil.
fs::path copy_of(const std::string& family, const io::TemporaryFolder& folder) {
  const fs::path to = folder.path() / family;
  fs::copy(kFolder / family, to);
  return to;
}

TEST(Blip, RefusesFoldersThatDoNotFit) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  Json config = Json::parse(read_text(to / "config.json"));
  const auto message = [&](const Json& changed) {
    write_text(to / "config.json", changed.dump());
    return message_of(to);
  };
  Json changed = config;
  changed["model_type"] = "llava";
  EXPECT_NE(message(changed).find("'llava' is not a family"), std::string::npos);
  for (const char* runs : {"BlipForQuestionAnswering", "BlipForConditionalGeneration",
                           "BlipForImageTextRetrieval", "beholder"})
    EXPECT_NE(message(changed).find(runs), std::string::npos) << message(changed);
  changed["architectures"] = {"LlavaForConditionalGeneration"};
  EXPECT_NE(message(changed).find("'LlavaForConditionalGeneration'"), std::string::npos);
  changed.erase("model_type");
  EXPECT_NE(message(changed).find("'LlavaForConditionalGeneration'"), std::string::npos);
  changed = config;  // an architecture alone says which family it is
  changed.erase("model_type");
  EXPECT_EQ(message(changed), "nothing was thrown");
  changed = config;
  changed["architectures"] = {"BlipModel"};
  EXPECT_NE(message(changed).find("'architectures': 'BlipModel' does not run"), std::string::npos);
  EXPECT_NE(message({{"text_config", Json::object()}}).find("neither a model_type nor"),
            std::string::npos);
  changed = config;
  changed["text_config"]["num_hidden_layers"] = 1;
  EXPECT_NE(message(changed).find("no place for"), std::string::npos);
  changed["text_config"]["num_hidden_layers"] = 3;
  EXPECT_NE(message(changed).find("layer.2"), std::string::npos);
  changed = config;
  changed["text_config"]["hidden_act"] = "relu";
  EXPECT_NE(message(changed).find("hidden_act"), std::string::npos);
  write_text(to / "config.json", config.dump());
  fs::remove(to / "model.safetensors");
  EXPECT_NE(message_of(to).find("pytorch_model.bin"), std::string::npos);
}

TEST(Blip, VerifyNamesWhatIsMissingLeftOverAndNotFinite) {
  const WeightReport good = verify_model(kFolder / "vqa");
  EXPECT_EQ(good.family, "BlipForQuestionAnswering");
  EXPECT_GT(good.tensors, 100u);
  EXPECT_TRUE(good.good()) << good.first_fault();
  EXPECT_FALSE(good.checksums.there);
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  {
    const io::SafetensorsFile file = io::open_weights(to);
    io::SafetensorsWriter writer;
    const std::vector<float> bad(24, std::nanf(""));
    for (const std::string& name : file.names()) {
      const io::TensorView& view = file.at(name);
      if (name == "vision_model.post_layernorm.bias") continue;
      if (name == "vision_model.post_layernorm.weight")
        writer.add(name, view.dtype, view.shape, bad.data(), view.bytes);
      else
        writer.add(name, view.dtype, view.shape, view.data, view.bytes);
    }
    writer.add("extra", io::DType::kF32, {24}, bad.data(), 96);
    writer.write(to / "model.safetensors");
  }
  const WeightReport report = verify_model(to);
  ASSERT_EQ(report.missing.size(), 1u);
  EXPECT_EQ(report.missing[0], "vision_model.post_layernorm.bias: expected shape (24)");
  EXPECT_EQ(report.left_over, std::vector<std::string>{"extra"});
  ASSERT_EQ(report.damage.size(), 1u);
  EXPECT_EQ(report.damage[0].tensor, "vision_model.post_layernorm.weight");
  EXPECT_TRUE(report.damage[0].not_finite);
}

/// The weights of a folder once more, with what `change` makes of them.
template <typename Change>
void rewrite(const fs::path& folder, const Change& change) {
  const io::SafetensorsFile file = io::open_weights(folder);
  io::SafetensorsWriter writer;
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    if (!change(writer, name, view))
      writer.add_copy(name, view.dtype, view.shape, view.data, view.bytes);
  }
  writer.write(folder / "model.safetensors");
}

/// Splits the folder's weights into `count` parts with their index, as save_pretrained does.
void split(const fs::path& folder, std::size_t count) {
  const io::SafetensorsFile file = io::open_weights(folder);
  Json map;
  std::vector<io::SafetensorsWriter> writers(count);
  std::size_t next = 0;
  for (const std::string& name : file.names()) {
    const io::TensorView& view = file.at(name);
    const std::size_t part = next++ * count / file.names().size();
    writers[part].add_copy(name, view.dtype, view.shape, view.data, view.bytes);
    map[name] = "model-0000" + std::to_string(part + 1) + ".safetensors";
  }
  for (std::size_t i = 0; i < count; ++i)
    writers[i].write(folder / ("model-0000" + std::to_string(i + 1) + ".safetensors"));
  write_text(folder / "model.safetensors.index.json",
             Json({{"metadata", Json::object()}, {"weight_map", map}}).dump());
  fs::remove(folder / "model.safetensors");
}

TEST(Blip, PartsAnswerAsTheWholeDoes) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  split(to, 3);
  const WeightReport report = verify_model(to);
  EXPECT_TRUE(report.good()) << report.first_fault();
  const auto asked = [](const fs::path& model) {
    AnswerOptions options;
    options.top_k = 3;
    const Engine engine = Engine::load(model);
    return engine.answer(engine.encode(kFolder / "wide.png"), "what color is it?", options);
  };
  const Answer whole = asked(kFolder / "vqa"), parts = asked(to);
  ASSERT_EQ(whole.top_k.size(), parts.top_k.size());
  for (std::size_t i = 0; i < whole.top_k.size(); ++i) {
    EXPECT_EQ(whole.top_k[i].answer, parts.top_k[i].answer);
    EXPECT_EQ(whole.top_k[i].probability, parts.top_k[i].probability);
  }
  EXPECT_GT(Engine::load(to).info().parameter_bytes, 100'000u);
  fs::remove(to / "model-00002.safetensors");
  EXPECT_NE(message_of(to).find("fetch model-00002.safetensors"), std::string::npos);
}

TEST(Blip, PointersInPlaceOfAnyFileAreNamed) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  for (const char* file : {"config.json", "preprocessor_config.json", "vocab.txt",
                           "tokenizer_config.json", "model.safetensors"}) {
    const std::string before = read_text(to / file);
    write_text(to / file, "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n");
    EXPECT_NE(message_of(to).find(std::string(file) + ": is a git-lfs pointer"), std::string::npos)
        << message_of(to);
    write_text(to / file, before);
  }
}

TEST(Blip, RunsTiedWeightsStoredTwiceAndRefusesUntiedOnes) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  float nudge = 0;
  const auto twice = [&](io::SafetensorsWriter& writer, const std::string& name,
                         const io::TensorView& view) {
    if (name == "text_decoder.bert.embeddings.word_embeddings.weight") {
      std::vector<float> copy(view.bytes / 4);
      std::memcpy(copy.data(), view.data, view.bytes);
      copy.back() += nudge;
      writer.add_copy("text_decoder.cls.predictions.decoder.weight", view.dtype, view.shape,
                      copy.data(), view.bytes);
    }
    return name == "text_decoder.cls.predictions.decoder.weight";
  };
  rewrite(to, twice);
  EXPECT_TRUE(verify_model(to).left_over.empty());
  Engine::load(to);
  nudge = 1;
  rewrite(to, twice);
  const Error error = error_of([&] { Engine::load(to); });
  EXPECT_EQ(error.code(), ErrorCode::kUnsupported);
  EXPECT_NE(std::string(error.what()).find("decoder.weight"), std::string::npos) << error.what();
}

TEST(Blip, ReadsTheProcessorsFileOfNewerVersions) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  const Json old = Json::parse(read_text(to / "preprocessor_config.json"));
  fs::remove(to / "preprocessor_config.json");
  EXPECT_NE(message_of(to).find("preprocessor_config.json"), std::string::npos);
  write_text(to / "processor_config.json", Json({{"image_processor", old}}).dump());
  EXPECT_EQ(load_blip_config(to).image.resize.width, 32);
  fs::remove(to / "processor_config.json");
  Json number = old;
  number["size"] = 32;  // as older files have it
  write_text(to / "preprocessor_config.json", number.dump());
  EXPECT_EQ(load_blip_config(to).image.resize.width, 32);
  number["size"] = 31;
  write_text(to / "preprocessor_config.json", number.dump());
  EXPECT_NE(message_of(to).find("'size'"), std::string::npos) << message_of(to);
}

TEST(Blip, VerifyNamesTypesAndScalesThatCannotBeLoaded) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  const std::string norm = "vision_model.post_layernorm.weight";
  const std::string matrix = "vision_model.encoder.layers.0.self_attn.qkv.weight";
  rewrite(to,
          [&](io::SafetensorsWriter& writer, const std::string& name, const io::TensorView& view) {
            const std::vector<std::uint8_t> zeros(view.bytes * 2);
            const auto count = view.bytes / 4;
            if (name == norm)
              writer.add_copy(name, io::DType::kI64, view.shape, zeros.data(), count * 8);
            if (name == matrix)
              writer.add_copy(name, io::DType::kI8, view.shape, zeros.data(), count);
            return name == norm || name == matrix;
          });
  const WeightReport report = verify_model(to);
  ASSERT_EQ(report.missing.size(), 2u);
  EXPECT_EQ(report.missing[0], norm + ": expected F32, F16, BF16 or I8, got I64");
  EXPECT_EQ(report.missing[1], matrix + "_scale: expected F32 of shape (72)");
}

TEST(Blip, ReadsTheOneFileTokenizer) {
  const io::TemporaryFolder folder;
  const fs::path to = copy_of("vqa", folder);
  const auto words = text::read_vocabulary_file(to / "vocab.txt");
  Json file = {{"model", {{"type", "WordPiece"}, {"vocab", Json::object()}}}};
  for (std::size_t i = 0; i < words.size(); ++i) file["model"]["vocab"][words[i]] = i;
  fs::remove(to / "vocab.txt");
  fs::remove(to / "tokenizer_config.json");
  EXPECT_NE(message_of(to).find("tokenizer.json"), std::string::npos);
  write_text(to / "tokenizer.json", file.dump());
  const Engine from_json = Engine::load(to), from_text = Engine::load(kFolder / "vqa");
  const fs::path picture = kFolder / "wide.png";
  EXPECT_EQ(from_json.answer(from_json.encode(picture), "is it red?").top_k[0].answer,
            from_text.answer(from_text.encode(picture), "is it red?").top_k[0].answer);
  file["normalizer"] = {1};
  write_text(to / "tokenizer.json", file.dump());
  EXPECT_NE(message_of(to).find("normalizer"), std::string::npos);
  file["normalizer"] = nullptr;
  file["model"]["type"] = "BPE";
  write_text(to / "tokenizer.json", file.dump());
  EXPECT_NE(message_of(to).find("WordPiece"), std::string::npos);
}

}  // namespace
}  // namespace beholder::models::blip
