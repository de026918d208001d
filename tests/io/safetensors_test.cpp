#include "io/safetensors.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "core/file.hpp"
#include "temporary_folder.hpp"

namespace beholder::io {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// A file image: the header's length, the header, `data` bytes of tensor data.
std::string image(const std::string& header, std::size_t data) {
  std::string result;
  for (int i = 0; i < 8; ++i) result += static_cast<char>(header.size() >> (8 * i) & 0xff);
  return result + header + std::string(data, 'x');
}

Bytes bytes_of(const TensorView& view) { return Bytes(view.data, view.data + view.bytes); }

class Safetensors : public testing::Test {
 protected:
  SafetensorsFile open(const std::string& content) const {
    write_file_atomic(path_, content);
    return SafetensorsFile::open(path_);
  }

  /// Expects kModelFormat with the file's name and each of `parts` in the message.
  void refuse(const std::string& content, const std::vector<std::string>& parts) const {
    try {
      open(content);
      ADD_FAILURE() << "accepted: " << content.substr(0, 300);
    } catch (const Error& error) {
      const std::string message = error.what();
      EXPECT_EQ(error.code(), ErrorCode::kModelFormat) << message;
      EXPECT_EQ(message.rfind(path_.string() + ": ", 0), 0u) << message;
      for (const std::string& part : parts)
        EXPECT_NE(message.find(part), std::string::npos) << part << " not in: " << message;
    }
  }

  /// `row` as the one tensor "w".
  static std::string one(const std::string& row, std::size_t data) {
    return image("{\"w\":{" + row + "}}", data);
  }

  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_ / "model.safetensors";
};

TEST_F(Safetensors, ReadsTensorsMetadataAndNames) {
  const SafetensorsFile file = open(image(
      R"({"__metadata__":{"format":"pt"},"w":{"dtype":"U8","shape":[2,3],"data_offsets":[0,6]},)"
      R"("a":{"dtype":"F16","shape":[],"data_offsets":[6,8]}}  )",
      8));
  EXPECT_EQ(file.names(), (std::vector<std::string>{"a", "w"}));
  EXPECT_EQ(file.metadata().at("format"), "pt");
  EXPECT_TRUE(file.contains("w"));
  EXPECT_FALSE(file.contains("x"));
  EXPECT_EQ(file.at("w").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(file.at("w").dtype, DType::kU8);
  EXPECT_EQ(file.at("w").data + 6, file.at("a").data);
  EXPECT_EQ(file.at("a").bytes, 2u);
  EXPECT_EQ(file.path(), path_);
  EXPECT_EQ(file.file_bytes(), std::filesystem::file_size(path_));
  try {
    file.at("lost");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
    EXPECT_NE(std::string(error.what()).find("'lost'"), std::string::npos);
  }
}

TEST_F(Safetensors, AcceptsAFileWithoutTensorsAndEmptyTensorsAnywhere) {
  EXPECT_TRUE(open(image("{}", 0)).names().empty());
  const SafetensorsFile file =
      open(image(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},)"
                 R"("e":{"dtype":"F32","shape":[0,9],"data_offsets":[2,2]},)"
                 R"("f":{"dtype":"F32","shape":[3,0],"data_offsets":[0,0]},)"
                 R"("z":{"dtype":"U8","shape":[1],"data_offsets":[2,3]}})",
                 3));
  EXPECT_EQ(file.at("e").bytes, 0u);
  EXPECT_EQ(file.names().size(), 4u);
}

TEST_F(Safetensors, RefusesHeaderLengths) {
  refuse("", {"0 bytes", "fetch it again"});
  refuse(std::string(7, '\0'), {"7 bytes"});
  refuse(std::string(8, '\0'), {"'{'", "empty header"});
  std::string over = image("{}", 0);
  over[0] = 3;
  refuse(over, {"header of 3 bytes", "after 2"});
  refuse(std::string(8, '\xff') + "{}", {"at most 100000000", "18446744073709551615"});
  refuse(std::string("\x01\xe1\xf5\x05\0\0\0\0", 8) + "{}", {"at most 100000000", "100000001"});
}

TEST_F(Safetensors, RefusesHeadersThatAreNotTheOneObject) {
  refuse(image(" {}", 0), {"start with '{'", "' '"});
  refuse(image("\xef\xbb\xbf{}", 0), {"start with '{'"});
  refuse(image("[]", 0), {"start with '{'"});
  refuse(image("{", 0), {"JSON"});
  refuse(image("{}}", 0), {"JSON"});
  refuse(image("{} {}", 0), {"JSON"});
  refuse(image(std::string("{}\0", 3), 0), {"JSON"});
  refuse(image("{\"\xff\":{}}", 0), {"JSON"});
  refuse(image("{\"\xc0\xaf\":{}}", 0), {"JSON"});
  refuse(image("{\"a\":" + std::string(200000, '['), 0), {"'a'", "an array"});
  std::string objects;
  for (int i = 0; i < 100000; ++i) objects += "{\"a\":";
  refuse(image(objects, 0), {"'a'"});
}

TEST_F(Safetensors, RefusesNames) {
  const std::string row = R"({"dtype":"U8","shape":[0],"data_offsets":[0,0]})";
  refuse(image("{\"\":" + row + "}", 0), {"empty"});
  refuse(image("{\"a\\u0000b\":" + row + "}", 0), {"'a\\x00b'", "control"});
  refuse(image("{\"a\\nb\":" + row + "}", 0), {"'a\\x0ab'", "control"});
  refuse(image("{\"" + std::string(4097, 'n') + "\":" + row + "}", 0), {"4096", "4097"});
  EXPECT_NO_THROW(open(image("{\"" + std::string(4096, 'n') + "\":" + row + "}", 0)));
  refuse(image("{\"w\":" + row + ",\"w\":" + row + "}", 0), {"'w'", "twice"});
  refuse(image("{\"w\":" + row + ",\"\\u0077\":" + row + "}", 0), {"'w'", "twice"});
}

TEST_F(Safetensors, RefusesMetadata) {
  refuse(image(R"({"__metadata__":3})", 0), {"__metadata__", "3"});
  refuse(image(R"({"__metadata__":{"k":1}})", 0), {"'k'", "string", "1"});
  refuse(image(R"({"__metadata__":{"k":{}}})", 0), {"'k'", "object"});
  refuse(image(R"({"__metadata__":{"k":null}})", 0), {"'k'", "null"});
  refuse(image(R"({"__metadata__":{"k":"a","k":"b"}})", 0), {"'k'", "twice"});
  refuse(image(R"({"__metadata__":{},"__metadata__":{}})", 0), {"__metadata__", "twice"});
}

TEST_F(Safetensors, RefusesRowsOfTheWrongForm) {
  const std::string good = R"("dtype":"U8","shape":[1],"data_offsets":[0,1])";
  EXPECT_NO_THROW(open(one(good, 1)));
  refuse(image(R"({"w":[]})", 0), {"'w'", "object"});
  refuse(image(R"({"w":null})", 0), {"'w'", "null"});
  refuse(one(R"("shape":[1],"data_offsets":[0,1])", 1), {"'w'", "'dtype'"});
  refuse(one(R"("dtype":"U8","data_offsets":[0,1])", 1), {"'w'", "'shape'"});
  refuse(one(R"("dtype":"U8","shape":[1])", 1), {"'w'", "'data_offsets'"});
  refuse(one(good + R"(,"stride":[1])", 1), {"'w'", "'stride'"});
  refuse(one(good + R"(,"shape":[1])", 1), {"'w'", "'shape'", "twice"});
  refuse(one(good + R"(,"dtype":"U8")", 1), {"'w'", "'dtype'", "twice"});
  refuse(one(good + R"(,"data_offsets":[0,1])", 1), {"'w'", "'data_offsets'", "twice"});
  for (const char* dtype : {"\"F7\"", "\"\"", "\"u8\"", "3", "null", "[]"})
    refuse(one(concat("\"dtype\":", dtype, R"(,"shape":[1],"data_offsets":[0,1])"), 1),
           {"'w'", "dtype"});
  for (const char* shape : {"[-1]", "[1.0]", "[1e0]", "[\"1\"]", "[null]", "[[1]]", "1", "{}",
                            "[9223372036854775808]", "[18446744073709551616]", "[true]"})
    refuse(one(concat(R"("dtype":"U8","shape":)", shape, R"(,"data_offsets":[0,1])"), 1), {"'w'"});
  for (const char* offsets : {"[]", "[0]", "[0,1,1]", "[-1,1]", "[0,1.0]", "[\"0\",1]", "0",
                              "[0,18446744073709551616]", "[[0],1]"})
    refuse(one(concat(R"("dtype":"U8","shape":[1],"data_offsets":)", offsets), 1), {"'w'"});
  std::string rank = "1";
  for (int i = 1; i < 65; ++i) rank += ",1";
  refuse(one(R"("dtype":"U8","shape":[)" + rank + R"(],"data_offsets":[0,1])", 1), {"'w'", "rank"});
}

TEST_F(Safetensors, RefusesSizesThatDoNotAgree) {
  refuse(one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])", 4), {"'w'", "8 bytes", "got 4"});
  refuse(one(R"("dtype":"U8","shape":[],"data_offsets":[0,0])", 0), {"'w'", "1 bytes", "got 0"});
  refuse(one(R"("dtype":"U8","shape":[4],"data_offsets":[4,0])", 4), {"'w'", "begin <= end"});
  refuse(one(R"("dtype":"U8","shape":[5],"data_offsets":[0,5])", 4), {"'w'", "within the 4"});
  refuse(
      one(R"("dtype":"U8","shape":[1],"data_offsets":[18446744073709551614,18446744073709551615])",
          4),
      {"'w'", "within the 4"});
  // Products that would wrap around to the size given.
  refuse(one(R"("dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,0])", 0),
         {"'w'", "overflows"});
  refuse(one(R"("dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0])", 0),
         {"'w'", "overflows"});
}

TEST_F(Safetensors, RefusesOverlapsHolesAndLeftOvers) {
  const auto two = [](const char* a, const char* b, std::size_t data) {
    return image(concat(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":)", a,
                        R"(},"b":{"dtype":"U8","shape":[4],"data_offsets":)", b, "}}"),
                 data);
  };
  EXPECT_NO_THROW(open(two("[4,8]", "[0,4]", 8)));
  refuse(two("[0,4]", "[0,4]", 4), {"overlaps"});
  refuse(two("[0,4]", "[3,7]", 7), {"'b'", "overlaps"});
  refuse(two("[0,4]", "[5,9]", 9), {"'b'", "hole"});
  refuse(two("[1,5]", "[5,9]", 9), {"'a'", "hole"});
  refuse(two("[0,4]", "[4,8]", 9), {"8 bytes", "got 9", "no tensor"});
  refuse(image("{}", 1), {"no tensor"});
  // An empty tensor inside another one's data.
  refuse(image(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},)"
               R"("e":{"dtype":"U8","shape":[0],"data_offsets":[2,2]}})",
               4),
         {"'e'", "overlaps"});
}

TEST_F(Safetensors, CopiesShareTheMappingAndOutliveTheFile) {
  Bytes values(20000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i * 7);
  SafetensorsWriter writer;
  writer.add("w", DType::kU8, {20000}, values.data(), values.size());
  writer.write(path_);
  auto first = std::make_unique<SafetensorsFile>(SafetensorsFile::open(path_));
  const SafetensorsFile second = *first;
  EXPECT_EQ(first->at("w").data, second.at("w").data);
  first.reset();
  std::filesystem::remove(path_);
  EXPECT_EQ(bytes_of(second.at("w")), values);
  second.release_pages("w");
  EXPECT_EQ(bytes_of(second.at("w")), values);
  EXPECT_THROW(second.release_pages("x"), Error);
}

// The tensors of tools/golden_safetensors.py.
SafetensorsWriter golden() {
  SafetensorsWriter writer;
  const auto add = [&](const std::string& name, DType dtype, std::vector<std::int64_t> shape,
                       const auto& values) {
    writer.add_copy(name, dtype, std::move(shape), values.data(), values.size() * sizeof values[0]);
  };
  add("blocks.0.weight", DType::kF32, {2, 5},
      std::vector<std::uint32_t>{0x00000000, 0x80000000, 0x3f800000, 0xbfc00000, 0x40490fdb,
                                 0x00000001, 0x7f7fc99e, 0x7f800000, 0xff800000, 0x7fc00000});
  add("blocks.0.half", DType::kF16, {3}, std::vector<std::uint16_t>{0x3c00, 0xc100, 0x7bff});
  add("blocks.0.bfloat", DType::kBF16, {2, 1}, std::vector<std::uint16_t>{0x3f80, 0xc020});
  add("position_ids", DType::kI64, {1, 4}, std::vector<std::int64_t>{0, 1, 2, 3});
  add("double", DType::kF64, {}, std::vector<double>{0.1});
  add("i8", DType::kI8, {5}, std::vector<std::int8_t>{-128, -1, 0, 1, 127});
  add("u8", DType::kU8, {3}, std::vector<std::uint8_t>{0, 1, 255});
  add("i16", DType::kI16, {2}, std::vector<std::int16_t>{-32768, 32767});
  add("i32", DType::kI32, {2}, std::vector<std::int32_t>{INT32_MIN, INT32_MAX});
  add("mask", DType::kBool, {2, 2}, std::vector<std::uint8_t>{1, 0, 0, 1});
  add("empty", DType::kF32, {0, 7}, std::vector<float>{});
  add("n\u00e4me \"quoted\"", DType::kU8, {1}, std::vector<std::uint8_t>{42});
  writer.set_metadata("format", "pt");
  writer.set_metadata("title", "Z\u00fcrich \u2602");
  return writer;
}

std::filesystem::path golden_path(const char* name) {
  return std::filesystem::path(BEHOLDER_SOURCE_DIR) / "tests/golden/safetensors" / name;
}

void expect_same(const SafetensorsFile& got, const SafetensorsFile& expected) {
  ASSERT_EQ(got.names(), expected.names());
  EXPECT_EQ(got.metadata(), expected.metadata());
  for (const std::string& tensor : expected.names()) {
    EXPECT_EQ(got.at(tensor).dtype, expected.at(tensor).dtype) << tensor;
    EXPECT_EQ(got.at(tensor).shape, expected.at(tensor).shape) << tensor;
    EXPECT_EQ(bytes_of(got.at(tensor)), bytes_of(expected.at(tensor))) << tensor;
  }
}

using SafetensorsGolden = Safetensors;

TEST_F(SafetensorsGolden, ReaderReadsTheReferencesFileBitForBit) {
  golden().write(path_);
  const SafetensorsFile reference = SafetensorsFile::open(golden_path("reference.safetensors"));
  ASSERT_EQ(reference.names().size(), 12u);
  expect_same(reference, SafetensorsFile::open(path_));
}

TEST_F(SafetensorsGolden, WriterGivesTheFileThatTheReferenceAccepted) {
  const std::filesystem::path written = golden_path("written.safetensors");
  if (std::getenv("BEHOLDER_WRITE_GOLDEN") != nullptr) golden().write(written);
  golden().write(path_);
  EXPECT_EQ(read_file_bytes(path_), read_file_bytes(written));
}

TEST_F(Safetensors, WriterAlignsDataAndEachTensor) {
  golden().write(path_);
  const Bytes content = read_file_bytes(path_);
  EXPECT_EQ((8 + content[0] + 256u * content[1]) % 64, 0u);
  const SafetensorsFile file = SafetensorsFile::open(path_);
  for (const std::string& tensor : file.names()) {
    const TensorView& view = file.at(tensor);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(view.data) % size_of(view.dtype), 0u) << tensor;
  }
}

TEST_F(Safetensors, WriterWritesNothingAtAll) {
  SafetensorsWriter().write(path_);
  EXPECT_TRUE(SafetensorsFile::open(path_).names().empty());
}

TEST_F(Safetensors, WriterKeepsViewsAndCopiesCopies) {
  Bytes values = {1, 2};
  SafetensorsWriter writer;
  writer.add("view", DType::kU8, {2}, values.data(), 2);
  writer.add_copy("copy", DType::kU8, {2}, values.data(), 2);
  values[0] = 9;
  const SafetensorsWriter moved = std::move(writer);
  moved.write(path_);
  const SafetensorsFile file = SafetensorsFile::open(path_);
  EXPECT_EQ(bytes_of(file.at("view")), (Bytes{9, 2}));
  EXPECT_EQ(bytes_of(file.at("copy")), (Bytes{1, 2}));
}

TEST_F(Safetensors, WriterRefusesMisuse) {
  SafetensorsWriter writer;
  const float value = 1;
  const auto refused = [&](const std::string& tensor, std::vector<std::int64_t> shape,
                           const void* data, std::size_t bytes) {
    try {
      writer.add(tensor, DType::kF32, std::move(shape), data, bytes);
    } catch (const Error& error) {
      return error.code() == ErrorCode::kUsage;
    }
    return false;
  };
  EXPECT_TRUE(refused("", {}, &value, 4));
  EXPECT_TRUE(refused("__metadata__", {}, &value, 4));
  EXPECT_TRUE(refused("a\n", {}, &value, 4));
  EXPECT_TRUE(refused("\xff", {}, &value, 4));
  EXPECT_TRUE(refused(std::string(4097, 'n'), {}, &value, 4));
  EXPECT_TRUE(refused("w", {-1}, &value, 4));
  EXPECT_TRUE(refused("w", {2}, &value, 4));
  EXPECT_TRUE(refused("w", {INT64_MAX, 2}, &value, 4));
  EXPECT_TRUE(refused("w", std::vector<std::int64_t>(65, 1), &value, 4));
  EXPECT_TRUE(refused("w", {}, nullptr, 4));
  EXPECT_THROW(writer.set_metadata("k", "\xff"), Error);
  EXPECT_FALSE(refused("w", {}, &value, 4));
  EXPECT_TRUE(refused("w", {}, &value, 4));
}

TEST_F(Safetensors, WriterLeavesTheOldFileWhenItCannotWrite) {
  try {
    golden().write(folder_ / "no" / "such" / "folder");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFileAccess);
  }
  // A folder in the place of the file: the rename fails, and the temporary file goes away.
  std::filesystem::create_directories(path_ / "inside");
  EXPECT_THROW(golden().write(path_), Error);
  EXPECT_TRUE(std::filesystem::exists(path_ / "inside"));
  EXPECT_FALSE(std::filesystem::exists(temporary_sibling(path_)));
}

TEST_F(Safetensors, EveryTruncationIsRefused) {
  const std::string content = read_file_text(golden_path("reference.safetensors"));
  ASSERT_LT(content.size(), 4096u);
  for (std::size_t length = 0; length < content.size(); ++length)
    refuse(content.substr(0, length), {});
}

/// Opens a damaged file: an Error of the right code, or a file whose every byte can be read.
TEST_F(Safetensors, RandomDamageIsAnErrorOrAFileThatCanBeRead) {
  const std::string original = read_file_text(golden_path("reference.safetensors"));
  const std::size_t header = original.find("}}") + 2;
  const std::string alphabet = "0123456789{}[]\",:-.eUF8BI \\";
  std::mt19937 random(2024);
  int accepted = 0;
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string content = original;
    const int edits = 1 + static_cast<int>(random() % 4);
    for (int edit = 0; edit < edits; ++edit) {
      // Mostly in the header, half of the time with a byte that means something there.
      const std::size_t at = random() % (random() % 8 == 0 ? content.size() : header);
      const char byte =
          random() % 2 ? alphabet[random() % alphabet.size()] : static_cast<char>(random() & 0xff);
      switch (random() % 4) {
        case 0: content.insert(at, 1, byte); break;
        case 1: content.erase(at, 1 + random() % 3); break;
        default: content[at] = byte;
      }
    }
    std::uint64_t sum = 0;
    try {
      const SafetensorsFile file = open(content);
      for (const std::string& tensor : file.names())
        for (const std::uint8_t byte : bytes_of(file.at(tensor))) sum += byte;
      ASSERT_LE(sum, 255 * content.size());
      ++accepted;
    } catch (const Error& error) {
      ASSERT_EQ(error.code(), ErrorCode::kModelFormat) << error.what();
      ++refused;
    }
  }
  // Damage to a name or a value goes unseen; damage to the structure must not.
  EXPECT_GT(accepted, 0);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace beholder::io
