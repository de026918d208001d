#include "io/checksums.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"
#include "io/safetensors.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::io {
namespace {

namespace fs = std::filesystem;
using tests::error_of;
using tests::read_text;
using tests::write_text;

/// A folder with weights and two texts, and its checksums.
struct Summed {
  Summed() {
    SafetensorsWriter writer;
    const float value = 1;
    writer.add_copy("a", DType::kF32, {1}, &value, sizeof value);
    writer.write(folder / "model.safetensors");
    write_text(folder / "config.json", "{}");
    write_text(folder / "vocab.txt", "[PAD]\n");
    write_text(folder / "README.md", "not of the model");
    write_checksums(folder.path());
  }
  TemporaryFolder folder;
};

TEST(Checksums, OfASoundFolderAgree) {
  const Summed summed;
  const ChecksumReport report = compare_checksums(summed.folder.path());
  EXPECT_TRUE(report.there);
  EXPECT_EQ(report.files, 3u);
  EXPECT_TRUE(report.differing.empty());
}

// The values are those of `xxh128sum` 0.8.1.
TEST(Checksums, AreThoseOfTheToolOfThatName) {
  const Summed summed;
  const std::string text = read_text(summed.folder / kChecksumFile);
  EXPECT_NE(text.find("dc7048f8f8747f561349cde127705c16  config.json\n"), std::string::npos)
      << text;
}

TEST(Checksums, TellWhatDiffersIsGoneOrNew) {
  const Summed summed;
  const fs::path folder = summed.folder.path();
  std::string weights = read_text(folder / "model.safetensors");
  weights.back() = '\x41';
  write_text(folder / "model.safetensors", weights);
  fs::remove(folder / "vocab.txt");
  const ChecksumReport report = compare_checksums(folder);
  EXPECT_EQ(report.differing,
            (std::vector<std::string>{"vocab.txt: is not there",
                                      "model.safetensors: is not the file that was written"}));
  // Checksums that leave the weights out would agree with any.
  write_text(folder / kChecksumFile, std::string(32, '0') + "  config.json\n");
  EXPECT_EQ(compare_checksums(folder).differing.back(), "model.safetensors: has no checksum");
  fs::remove(folder / kChecksumFile);
  EXPECT_FALSE(compare_checksums(folder).there);
}

TEST(Checksums, RefuseWhatIsNoChecksum) {
  const Summed summed;
  const fs::path folder = summed.folder.path();
  const std::string digits(32, 'a');
  for (const std::string& line :
       {digits + " config.json", digits + "  ../config.json", digits.substr(1) + "  config.json",
        std::string(32, 'G') + "  config.json", digits + "  /etc/passwd", std::string("\n")}) {
    write_text(folder / kChecksumFile, line + "\n");
    const Error error = error_of([&] { compare_checksums(folder); });
    EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << line;
    EXPECT_NE(std::string(error.what()).find("line 1"), std::string::npos) << error.what();
  }
  write_text(folder / kChecksumFile, "");
  EXPECT_EQ(error_of([&] { compare_checksums(folder); }).code(), ErrorCode::kModelFormat);
  const TemporaryFolder empty;
  EXPECT_EQ(error_of([&] { write_checksums(empty.path()); }).code(), ErrorCode::kFileNotFound);
}

}  // namespace
}  // namespace beholder::io
