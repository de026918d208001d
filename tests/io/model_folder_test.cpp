#include "io/model_folder.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::io {
namespace {

namespace fs = std::filesystem;
using tests::error_of;
using tests::write_text;

void expect(const Error& error, ErrorCode code, const std::vector<std::string>& words) {
  EXPECT_EQ(error.code(), code) << error.what();
  for (const std::string& word : words)
    EXPECT_NE(std::string(error.what()).find(word), std::string::npos)
        << word << " is not in: " << error.what();
}

Error folder_error(const fs::path& folder) {
  return error_of([&] { check_model_folder(folder); });
}
Error weights_error(const fs::path& folder) {
  return error_of([&] { fail_without_weights(folder); });
}

TEST(ModelFolder, PassesForAFolderWithItsConfiguration) {
  const TemporaryFolder folder;
  write_text(folder / "config.json", "{}");
  check_model_folder(folder.path());
}

TEST(ModelFolder, WhatIsNoFolder) {
  const TemporaryFolder folder;
  expect(folder_error(folder / "none"), ErrorCode::kFileNotFound, {"none", "no such model"});
  expect(folder_error("Somebody/blip-vqa"), ErrorCode::kFileNotFound, {"is not fetched"});
  write_text(folder / "model.safetensors", "x");
  expect(folder_error(folder / "model.safetensors"), ErrorCode::kFileNotFound,
         {"is a file", "config.json"});
  write_text(folder / "config.json", "{}");
  expect(folder_error(folder / "model.safetensors"), ErrorCode::kFileNotFound,
         {"is a file; name the folder that holds it: " + folder.path().string()});
  write_text(folder / "m.gguf", "x");
  fs::remove(folder / "config.json");
  expect(folder_error(folder / "m.gguf"), ErrorCode::kFileNotFound, {"llama.cpp"});
}

TEST(ModelFolder, AnAdapterIsNamedWithItsBase) {
  const TemporaryFolder folder;
  write_text(folder / "adapter_config.json",
             R"({"base_model_name_or_path": "Salesforce/blip-vqa-base", "peft_type": "LORA"})");
  write_text(folder / "adapter_model.safetensors", "x");
  const std::vector<std::string> words = {"a LoRA adapter", "'Salesforce/blip-vqa-base'",
                                          "merge it into its base"};
  expect(folder_error(folder.path()), ErrorCode::kUnsupported, words);
  write_text(folder / "config.json", "{}");
  expect(weights_error(folder.path()), ErrorCode::kUnsupported, words);
  write_text(folder / "adapter_config.json", R"({"peft_type": "IA3"})");
  expect(weights_error(folder.path()), ErrorCode::kUnsupported, {"'IA3' adapter of a base model"});
  write_text(folder / "adapter_config.json", "[");
  expect(weights_error(folder.path()), ErrorCode::kUnsupported, {"adapter of a base model"});
  write_text(folder / "adapter_config.json", "version https://git-lfs.github.com/spec/v1\n");
  expect(weights_error(folder.path()), ErrorCode::kModelFormat, {"git-lfs pointer"});
}

TEST(ModelFolder, ACacheOfAHubNamesItsSnapshot) {
  const TemporaryFolder root;
  const fs::path model = root / "models--Salesforce--blip-vqa-base";
  fs::create_directories(model / "snapshots/one");
  fs::create_directories(model / "snapshots/two");
  expect(folder_error(model), ErrorCode::kFileNotFound, {"without a whole snapshot"});
  for (const char* snapshot : {"one", "two"})
    write_text(model / "snapshots" / snapshot / "config.json", "{}");
  expect(folder_error(model), ErrorCode::kFileNotFound,
         {"a hub's cache folder", (model / "snapshots/one").string()});
  fs::create_directories(model / "refs");
  write_text(model / "refs/main", "two");
  expect(folder_error(model), ErrorCode::kFileNotFound, {(model / "snapshots/two").string()});
  expect(folder_error(root.path()), ErrorCode::kFileNotFound,
         {"name one of them", (model / "snapshots/one").string()});
  // Links that the cache has lost, and what it is still fetching.
  fs::remove(model / "snapshots/two/config.json");
  fs::create_symlink("../../blobs/gone", model / "snapshots/two/config.json");
  fs::create_directories(model / "blobs");
  write_text(model / "blobs/0123.incomplete", "12");
  expect(folder_error(model / "snapshots/two"), ErrorCode::kFileNotFound,
         {"a link to a file that is not there", "0123.incomplete"});
}

TEST(ModelFolder, FoldersOfModelsAndOfOtherThings) {
  const TemporaryFolder folder;
  expect(folder_error(folder.path()), ErrorCode::kFileNotFound, {"config.json: no such file"});
  fs::create_directories(folder / "vqa");
  write_text(folder / "vqa/config.json", "{}");
  expect(folder_error(folder.path()), ErrorCode::kFileNotFound, {(folder / "vqa").string()});
  write_text(folder / "model_index.json", "{}");
  expect(folder_error(folder.path()), ErrorCode::kUnsupported, {"image generator"});
}

TEST(ModelFolder, WeightsUnderOtherNamesAreNamed) {
  const std::pair<const char*, const char*> cases[] = {
      {"model.fp16.safetensors", "rename it to model.safetensors"},
      {"blip.safetensors", "rename it to model.safetensors"},
      {"pytorch_model.fp16.bin", "rename it to pytorch_model.bin"},
      {"diffusion_pytorch_model.safetensors", "image generator"},
      {"model-00001-of-00002.safetensors", "model.safetensors.index.json"},
      {"pytorch_model-00001-of-00002.bin", "pytorch_model.bin.index.json"},
      {"ggml-model-q4.gguf", "llama.cpp"},
      {"model.onnx", "ONNX"},
      {"tf_model.h5", "TensorFlow"},
      {"flax_model.msgpack", "Flax"},
      {"consolidated.00.pth", "own layout"},
      {"checkpoint.pt", "training program"},
      {"blip.tar.gz", "unpack it"},
      {"model.safetensors.part", "did not finish"},
      {"pytorch_model.bin.incomplete", "did not finish"}};
  for (const auto& [file, word] : cases) {
    const TemporaryFolder folder;
    write_text(folder / "config.json", "{}");
    write_text(folder / "training_args.bin", "x");
    write_text(folder / file, "x");
    expect(weights_error(folder.path()), ErrorCode::kFileNotFound,
           {"neither model.safetensors nor pytorch_model.bin", file, word});
  }
  const TemporaryFolder empty;
  expect(weights_error(empty.path()), ErrorCode::kFileNotFound, {"fetch the model's weights"});
}

}  // namespace
}  // namespace beholder::io
