#include "text/wordpiece_tokenizer.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "beholder/error.hpp"

namespace beholder::text {
namespace {
namespace fs = std::filesystem;

constexpr const char* kSpecials = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n";
const fs::path kGolden = BEHOLDER_SOURCE_DIR "/tests/golden/tokenizer";

class WordPieceTokenizerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("beholder-tokenizer-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& vocabulary, const std::string& config = "{}") const {
    std::ofstream(folder_ / "vocab.txt", std::ios::binary) << vocabulary;
    std::ofstream(folder_ / "tokenizer_config.json", std::ios::binary) << config;
  }

  void expect_error(ErrorCode code, const std::string& part) const {
    try {
      WordPieceTokenizer::load(folder_);
      ADD_FAILURE() << "no error; expected one with \"" << part << '"';
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), code) << error.what();
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }

  fs::path folder_;
};

std::vector<std::string> pieces_of(const Tokenizer& tokenizer, std::string_view text) {
  std::vector<std::string> pieces;
  for (const std::int64_t id : tokenizer.encode_plain(text)) pieces.push_back(tokenizer.token(id));
  return pieces;
}

std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return out;
}

TEST_F(WordPieceTokenizerTest, IdsEqualTheReference) {
  std::ifstream file(kGolden / "cases.json");
  const nlohmann::json groups = nlohmann::json::parse(file);
  fs::copy_file(kGolden / "vocab.txt", folder_ / "vocab.txt");
  std::size_t count = 0;
  for (const auto& group : groups) {
    std::ofstream(folder_ / "tokenizer_config.json") << group.at("config");
    const auto tokenizer = WordPieceTokenizer::load(folder_);
    for (const auto& row : group.at("cases")) {
      const std::string text = row.contains("hex") ? from_hex(row.at("hex").get<std::string>())
                                                   : row.at("text").get<std::string>();
      EXPECT_EQ(tokenizer.encode(text), row.at("ids").get<std::vector<std::int64_t>>())
          << group.at("config") << ' ' << row.dump(-1, ' ', true);
      ++count;
    }
  }
  EXPECT_GE(count, 300U);
}

TEST_F(WordPieceTokenizerTest, LongestPieceFirstAndUnknownWholeWord) {
  write(std::string(kSpecials) + "un\nunaff\n##aff\n##able\n##a\nx\n");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  EXPECT_EQ(pieces_of(tokenizer, "unaffable"), (std::vector<std::string>{"unaff", "##able"}));
  EXPECT_EQ(pieces_of(tokenizer, "unaffablez x"), (std::vector<std::string>{"[UNK]", "x"}));
  EXPECT_EQ(tokenizer.encode("UN x"), (std::vector<std::int64_t>{2, 5, 10, 3}));
  EXPECT_EQ(tokenizer.encode(""), (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(tokenizer.encode_plain("x"), (std::vector<std::int64_t>{10}));
}

TEST_F(WordPieceTokenizerTest, HundredCharactersAreAWordAndOneMoreIsUnknown) {
  write(std::string(kSpecials) + "a\n##a\né\n##é\n", R"({"strip_accents": false})");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  EXPECT_EQ(tokenizer.encode_plain(std::string(100, 'a')).size(), 100U);
  EXPECT_EQ(pieces_of(tokenizer, std::string(101, 'a')), std::vector<std::string>{"[UNK]"});
  std::string accents;
  for (int i = 0; i < 100; ++i) accents += "é";
  EXPECT_EQ(tokenizer.encode_plain(accents).size(), 100U);  // characters, not bytes
  EXPECT_EQ(pieces_of(tokenizer, accents + "é"), std::vector<std::string>{"[UNK]"});
}

TEST_F(WordPieceTokenizerTest, SpecialTokensInTheTextAreFoundBeforeNormalising) {
  write(std::string(kSpecials) + "a\n[\n]\nmask\n");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  EXPECT_EQ(pieces_of(tokenizer, "a[MASK]a"), (std::vector<std::string>{"a", "[MASK]", "a"}));
  EXPECT_EQ(pieces_of(tokenizer, "[[SEP]]"), (std::vector<std::string>{"[", "[SEP]", "]"}));
  EXPECT_EQ(pieces_of(tokenizer, "[mask]"), (std::vector<std::string>{"[", "mask", "]"}));
  EXPECT_EQ(pieces_of(tokenizer, "[MA\xFFSK]"), (std::vector<std::string>{"[", "mask", "]"}));
}

TEST_F(WordPieceTokenizerTest, LooksUpPieces) {
  write(std::string(kSpecials) + "dog\n##s\n");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  EXPECT_EQ(tokenizer.vocab_size(), 7U);
  EXPECT_EQ(tokenizer.token(6), "##s");
  for (const std::int64_t id : {-1, 7}) {
    try {
      tokenizer.token(id);
      ADD_FAILURE();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
    }
  }
}

TEST_F(WordPieceTokenizerTest, ReadsWindowsLinesAndNamedSpecialTokens) {
  write("<p>\r\n<u>\r\n<c>\r\n<s>\r\n<m>\r\nA\r\na",
        R"({"do_lower_case": false, "pad_token": "<p>", "unk_token": "<u>", "cls_token": "<c>",
            "sep_token": "<s>", "mask_token": {"content": "<m>", "lstrip": false}})");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  EXPECT_EQ(tokenizer.encode("A a b"), (std::vector<std::int64_t>{2, 5, 6, 1, 3}));
  for (const std::int64_t id : {0, 1, 2, 3, 4, 7, -1}) EXPECT_TRUE(tokenizer.is_special(id)) << id;
  for (const std::int64_t id : {5, 6}) EXPECT_FALSE(tokenizer.is_special(id)) << id;
}

TEST_F(WordPieceTokenizerTest, AccentsStayWhereCaseDoes) {
  write(std::string(kSpecials) + "é\ne\n", R"({"do_lower_case": false, "strip_accents": null})");
  EXPECT_EQ(pieces_of(WordPieceTokenizer::load(folder_), "é"), std::vector<std::string>{"é"});
  write(std::string(kSpecials) + "é\ne\n");
  EXPECT_EQ(pieces_of(WordPieceTokenizer::load(folder_), "é"), std::vector<std::string>{"e"});
}

TEST_F(WordPieceTokenizerTest, DecodesToWrittenText) {
  write(std::string(kSpecials) + "un\n##aff\ndog\n'\ns\n");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  EXPECT_EQ(tokenizer.decode(tokenizer.encode("unaff dog's")), "unaff dog's");
  EXPECT_EQ(tokenizer.decode({2, 7, 99, -1, 4, 3}), "dog");  // specials and foreign ids say nothing
}

TEST_F(WordPieceTokenizerTest, DamagedFilesAreTypedErrors) {
  expect_error(ErrorCode::kFileNotFound, "vocab.txt");
  write("");
  expect_error(ErrorCode::kModelFormat, "empty");
  write(std::string(kSpecials) + "a\n\nb\n");
  expect_error(ErrorCode::kModelFormat, "vocab.txt:7");
  write(std::string(kSpecials) + "a\nb\na\n");
  expect_error(ErrorCode::kModelFormat, "vocab.txt:8");
  write(std::string(kSpecials) + "a\xFF\n");
  expect_error(ErrorCode::kModelFormat, "vocab.txt:6");
  write("[PAD]\n[UNK]\n[CLS]\n[MASK]\n");
  expect_error(ErrorCode::kModelFormat, "[SEP]");
  write(kSpecials, "{");
  expect_error(ErrorCode::kModelFormat, "JSON");
  write(kSpecials, "[]");
  expect_error(ErrorCode::kModelFormat, "object");
  write(kSpecials, R"({"do_lower_case": "yes"})");
  expect_error(ErrorCode::kModelFormat, "do_lower_case");
  write(kSpecials, R"({"unk_token": 3})");
  expect_error(ErrorCode::kModelFormat, "unk_token");
  write(kSpecials, R"({"do_basic_tokenize": false})");
  expect_error(ErrorCode::kModelFormat, "do_basic_tokenize");
  fs::remove(folder_ / "tokenizer_config.json");
  expect_error(ErrorCode::kFileNotFound, "tokenizer_config.json");
}

TEST_F(WordPieceTokenizerTest, ThreadsShareOneTokenizer) {
  write(std::string(kSpecials) + "a\n##b\n");
  const auto tokenizer = WordPieceTokenizer::load(folder_);
  const auto expected = tokenizer.encode("abb é ab");
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) wrong += tokenizer.encode("abb é ab") != expected;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace beholder::text
