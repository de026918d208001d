// The file was written by torch.save (tools/golden_blip.py); the others are spoilt copies of it.
#include "io/torch_file.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::io {
namespace {

const std::filesystem::path kFile =
    std::filesystem::path(BEHOLDER_SOURCE_DIR) / "tests/golden/blip/caption/pytorch_model.bin";

std::string good() { return tests::read_text(kFile); }

std::string message(const std::string& bytes) {
  const TemporaryFolder folder;
  tests::write_text(folder / "w.bin", bytes);
  const Error error = tests::error_of([&] { open_torch_file(folder / "w.bin"); });
  EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << error.what();
  EXPECT_NE(std::string(error.what()).find("w.bin"), std::string::npos);
  return error.what();
}

/// The bytes with the first `from` made `to`, of the same length.
std::string with(std::string bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const std::size_t at = bytes.find(from);
  EXPECT_NE(at, std::string::npos);
  return bytes.replace(at, to.size(), to);
}

TEST(TorchFile, ReadsTensorsWhereTheyLie) {
  const SafetensorsFile file = open_torch_file(kFile);
  EXPECT_GT(file.names().size(), 80u);
  const TensorView& view = file.at("vision_model.embeddings.patch_embedding.weight");
  EXPECT_EQ(view.shape, (std::vector<std::int64_t>{24, 3, 8, 8}));
  EXPECT_EQ(view.dtype, DType::kF32);
  EXPECT_EQ(view.bytes, 24u * 3 * 8 * 8 * 4);
  for (std::size_t i = 0; i < view.bytes; i += 4) {
    float value;
    std::memcpy(&value, view.data + i, 4);
    ASSERT_LT(std::abs(value), 3);
  }
  // Tied tensors are one storage under two names.
  EXPECT_EQ(file.at("text_decoder.cls.predictions.decoder.weight").data,
            file.at("text_decoder.bert.embeddings.word_embeddings.weight").data);
}

TEST(TorchFile, CallsNothing) {
  EXPECT_NE(message(with(good(), "collections\nOrderedDict", "posix______\nsystem_____"))
                .find("it calls 'posix______ system_____'"),
            std::string::npos);
  EXPECT_NE(message(with(good(), "torch\nFloatStorage", "torch\nXloatStorage")).find("it calls"),
            std::string::npos);
}

TEST(TorchFile, SaysWhatIsWrong) {
  EXPECT_NE(message("not a zip archive at all, of more than twenty bytes").find("not a zip"),
            std::string::npos);
  EXPECT_NE(message("").find("is empty"), std::string::npos);
  EXPECT_NE(message(good().substr(0, good().size() / 2)).find("end record"), std::string::npos);
  EXPECT_NE(message(with(good(), "little", "big...")).find("byte order"), std::string::npos);
  EXPECT_EQ(tests::error_of([] { open_torch_file("/nowhere/w.bin"); }).code(),
            ErrorCode::kFileNotFound);
}

TEST(TorchFile, EveryCutAndManyMutationsAreReadOrRefused) {
  const TemporaryFolder folder;
  const std::string whole = good();
  std::mt19937 random(7);
  const auto opened = [&](const std::string& bytes) {
    tests::write_text(folder / "w.bin", bytes);
    try {
      const SafetensorsFile file = open_torch_file(folder / "w.bin");
      std::uint64_t sum = 0;
      for (const std::string& name : file.names()) {
        const TensorView& view = file.at(name);
        for (std::size_t i = 0; i < view.bytes; ++i) sum += view.data[i];
      }
      return sum != 0;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << error.what();
      return false;
    }
  };
  EXPECT_TRUE(opened(whole));
  for (int i = 0; i < 300; ++i) EXPECT_FALSE(opened(whole.substr(0, random() % whole.size())));
  const std::size_t pickle = whole.find("data.pkl"), directory = whole.size() - 12000;
  for (int i = 0; i < 1500; ++i) {
    std::string spoilt = whole;
    const std::size_t first = i % 2 == 0 ? pickle : directory;
    for (int k = 0; k < 1 + i % 3; ++k)
      spoilt[first + random() % 11000] = static_cast<char>(random());
    opened(spoilt);
  }
}

}  // namespace
}  // namespace beholder::io
