#include "io/model_weights.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::io {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using tests::error_of;
using tests::write_text;

using Tensors = std::map<std::string, float>;

void write_weights(const fs::path& path, const Tensors& tensors) {
  SafetensorsWriter writer;
  for (const auto& [name, value] : tensors)
    writer.add_copy(name, DType::kF32, {1}, &value, sizeof value);
  writer.write(path);
}

float value_of(const SafetensorsFile& file, const std::string& tensor) {
  float value;
  std::memcpy(&value, file.at(tensor).data, sizeof value);
  return value;
}

/// A checkpoint of three tensors in two parts.
struct Parts {
  Parts() {
    write_weights(folder / "model-00001-of-00002.safetensors", {{"a", 1}, {"b", 2}});
    write_weights(folder / "model-00002-of-00002.safetensors", {{"c", 3}});
    write(map);
  }
  void write(const Json& weight_map) const {
    write_text(folder / "model.safetensors.index.json",
               Json({{"metadata", {{"total_size", 12}}}, {"weight_map", weight_map}}).dump());
  }
  Error error() const {
    return error_of([&] { open_weights(folder.path()); });
  }
  std::string message() const { return error().what(); }

  TemporaryFolder folder;
  Json map = {{"a", "model-00001-of-00002.safetensors"},
              {"b", "model-00001-of-00002.safetensors"},
              {"c", "model-00002-of-00002.safetensors"}};
};

TEST(ModelWeights, PartsAreOneFile) {
  const Parts parts;
  const SafetensorsFile file = open_weights(parts.folder.path());
  EXPECT_EQ(file.names(), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(value_of(file, "a") + 10 * value_of(file, "b") + 100 * value_of(file, "c"), 321);
  EXPECT_EQ(file.path().filename(), "model.safetensors.index.json");
  EXPECT_EQ(file.file_bytes(),
            fs::file_size(parts.folder / "model-00001-of-00002.safetensors") +
                fs::file_size(parts.folder / "model-00002-of-00002.safetensors"));
  for (const std::string& name : file.names()) file.release_pages(name);
  EXPECT_EQ(value_of(file, "c"), 3);
  EXPECT_EQ(weight_files(parts.folder.path()).size(), 3u);
}

TEST(ModelWeights, TheFirstOfTransformersOrderIsTaken) {
  const TemporaryFolder folder;
  EXPECT_TRUE(weight_files(folder.path()).empty());
  const std::string index = R"({"weight_map": {"a": "part.safetensors"}})";
  write_weights(folder / "part.safetensors", {{"a", 2}});
  write_weights(folder / "model.safetensors", {{"a", 1}});
  write_text(folder / "model.safetensors.index.json", index);
  write_text(folder / "pytorch_model.bin", "x");
  write_text(folder / "pytorch_model.bin.index.json", index);
  EXPECT_EQ(value_of(open_weights(folder.path()), "a"), 1);
  for (const char* file : {"model.safetensors", "model.safetensors.index.json", "pytorch_model.bin",
                           "pytorch_model.bin.index.json"}) {
    EXPECT_EQ(weight_files(folder.path()).at(0), file);
    fs::remove(folder / file);
    if (file == std::string("model.safetensors")) {
      EXPECT_EQ(value_of(open_weights(folder.path()), "a"), 2);
    }
  }
}

TEST(ModelWeights, NamesThePartThatIsNotThere) {
  const Parts parts;
  fs::remove(parts.folder / "model-00002-of-00002.safetensors");
  write_text(parts.folder / "model-00002-of-00002.safetensors.incomplete", "1234");
  const Error error = parts.error();
  EXPECT_EQ(error.code(), ErrorCode::kFileNotFound);
  for (const char* word : {"1 of its 2 parts", "fetch model-00002-of-00002.safetensors",
                           "did not finish", ".incomplete"})
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  fs::create_symlink("../../blobs/none", parts.folder / "model-00002-of-00002.safetensors");
  EXPECT_NE(parts.message().find("a link to a file that is not there"), std::string::npos);
}

TEST(ModelWeights, AnIndexMustTellTheTruth) {
  Parts parts;
  parts.map["c"] = "model-00001-of-00002.safetensors";
  parts.write(parts.map);
  EXPECT_NE(parts.message().find("'c' should lie in model-00001"), std::string::npos)
      << parts.message();
  // A tensor in two parts: the same is fine, another is not.
  parts.map["c"] = "model-00002-of-00002.safetensors";
  parts.write(parts.map);
  write_weights(parts.folder / "model-00002-of-00002.safetensors", {{"c", 3}, {"a", 1}});
  EXPECT_EQ(open_weights(parts.folder.path()).names().size(), 3u);
  write_weights(parts.folder / "model-00002-of-00002.safetensors", {{"c", 3}, {"a", 9}});
  EXPECT_NE(parts.message().find("'a' lies in model-00001"), std::string::npos) << parts.message();
}

TEST(ModelWeights, AnIndexLeadsNowhereElse) {
  Parts parts;
  for (const char* part : {"../w.safetensors", "/etc/w.safetensors", "a/../../w.safetensors", "",
                           "..", "a\\b.bin", "model\nx.bin", "config.json", "w.pickle"}) {
    parts.map["c"] = part;
    parts.write(parts.map);
    const Error error = parts.error();
    EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << part << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find("the part "), std::string::npos) << error.what();
  }
  parts.map["c"] = 3;
  parts.write(parts.map);
  EXPECT_NE(parts.message().find("as a string"), std::string::npos);
  for (const char* index : {"{}", "[]", "{\"weight_map\": []}", "{\"weight_map\": {}}", "{",
                            "{\"weight_map\": {\"a\": \"x.bin\", \"a\": \"y.bin\"}}"}) {
    write_text(parts.folder / "model.safetensors.index.json", index);
    EXPECT_EQ(parts.error().code(), ErrorCode::kModelFormat) << index;
  }
}

TEST(ModelWeights, PointersAreNamedInWhateverFile) {
  const std::string pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n";
  const Parts parts;
  for (const char* file : {"model-00001-of-00002.safetensors", "model.safetensors.index.json"}) {
    const std::string before = tests::read_text(parts.folder / file);
    write_text(parts.folder / file, pointer);
    EXPECT_NE(parts.message().find(std::string(file) + ": is a git-lfs pointer"), std::string::npos)
        << parts.message();
    write_text(parts.folder / file, before);
  }
  fs::remove(parts.folder / "model.safetensors.index.json");
  write_text(parts.folder / "pytorch_model.bin", pointer);
  EXPECT_NE(parts.message().find("pytorch_model.bin: is a git-lfs pointer, not the weights"),
            std::string::npos);
  write_text(parts.folder / "model.safetensors", pointer);
  EXPECT_NE(parts.message().find("model.safetensors: is a git-lfs pointer"), std::string::npos);
}

TEST(ModelWeights, FilesUnderTheOthersNameAreToldApart) {
  const TemporaryFolder folder;
  const auto message = [&] {
    return std::string(error_of([&] { open_weights(folder.path()); }).what());
  };
  write_weights(folder / "pytorch_model.bin", {{"a", 1}});
  EXPECT_NE(message().find("name it model.safetensors"), std::string::npos) << message();
  fs::remove(folder / "pytorch_model.bin");
  for (const auto& [bytes, word] :
       {std::pair<std::string, std::string>{"PK\x03\x04 and so on, and on", "pytorch_model.bin"},
        {"GGUF and so on, and on", "GGUF"},
        {"\x80\x02}q\x01 and so on", "pickle"},
        {"<!DOCTYPE html><html>", "web page"},
        {"", "0 bytes"}}) {
    write_text(folder / "model.safetensors", bytes);
    EXPECT_NE(message().find(word), std::string::npos) << message();
  }
}

}  // namespace
}  // namespace beholder::io
