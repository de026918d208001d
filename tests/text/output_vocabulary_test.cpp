#include "text/output_vocabulary.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "beholder/error.hpp"
#include "core/file.hpp"
#include "text/wordpiece_tokenizer.hpp"

namespace beholder::text {
namespace {
namespace fs = std::filesystem;

template <typename Action>
ErrorCode code_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "no error";
  return ErrorCode::kInternal;
}

class OutputVocabularyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("beholder-output-vocab-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    std::ofstream(folder_ / "tokenizer_config.json") << "{}";
    std::ofstream(folder_ / "vocab.txt")
        << "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n[EOS]\ndog\n##s\ncat\na\nman\n'\ns\nt\n-\nshirt\n"
           ",\n.\n!\n?\n(\n)\n\"\ntri\ncolored\nisn\nrock\nn\nroll\n2\n5\n1\n000\n10\n30\n:\n$\n%\n"
           "black\n&\nwhite\nand\n/\nor\nin\nred\n";
    tokenizer_ = std::make_unique<WordPieceTokenizer>(WordPieceTokenizer::load(folder_));
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// What decoding gives back for a text whose pieces are all in the vocabulary.
  std::string round_trip(const std::string& text) const {
    const auto vocabulary = OutputVocabulary::build(*tokenizer_, {{text, 1}}, 1);
    return vocabulary.decode(vocabulary.encode(*tokenizer_, text));
  }

  fs::path folder_;
  std::unique_ptr<Tokenizer> tokenizer_;
};

TEST_F(OutputVocabularyTest, BuildsByCountThenTextAboveTheMinimum) {
  const auto vocabulary = OutputVocabulary::build(
      *tokenizer_, {{"dogs", 3}, {"a cat", 3}, {"a man", 1}, {"red red", 1}, {"zzz", 9}}, 2);
  std::vector<std::string> tokens;
  for (std::int64_t id = 0; id < vocabulary.size(); ++id) tokens.push_back(vocabulary.token(id));
  EXPECT_EQ(tokens, (std::vector<std::string>{"[PAD]", "[BOS]", "[EOS]", "[UNK]", "a", "##s", "cat",
                                              "dog", "red"}));
}

TEST_F(OutputVocabularyTest, EncodesPiecesAndMarksWhatIsOutside) {
  const auto vocabulary = OutputVocabulary::build(*tokenizer_, {{"dogs", 2}, {"cat", 1}}, 1);
  EXPECT_EQ(vocabulary.encode(*tokenizer_, "Cat, dogs"),
            (std::vector<std::int64_t>{vocabulary.id("cat"), vocabulary.unk_id(),
                                       vocabulary.id("dog"), vocabulary.id("##s")}));
  EXPECT_TRUE(vocabulary.encode(*tokenizer_, "").empty());
}

TEST_F(OutputVocabularyTest, SpecialTokensInATextNeverBecomeControlTokens) {
  const auto vocabulary =
      OutputVocabulary::build(*tokenizer_, {{"dog [PAD] [SEP] [MASK] [UNK] zzz", 5}}, 1);
  EXPECT_EQ(vocabulary.size(), 5);  // the four specials and "dog"
  EXPECT_EQ(vocabulary.encode(*tokenizer_, "[PAD] dog [SEP]"),
            (std::vector<std::int64_t>{vocabulary.unk_id(), 4, vocabulary.unk_id()}));
}

TEST_F(OutputVocabularyTest, SavesAndLoadsTheSameIds) {
  const auto vocabulary = OutputVocabulary::build(*tokenizer_, {{"a man's dogs", 2}}, 1);
  vocabulary.save(folder_ / "output_vocab.txt");
  const auto loaded = OutputVocabulary::load(folder_ / "output_vocab.txt");
  ASSERT_EQ(loaded.size(), vocabulary.size());
  for (std::int64_t id = 0; id < loaded.size(); ++id) {
    EXPECT_EQ(loaded.token(id), vocabulary.token(id));
  }
  EXPECT_EQ(read_file_text(folder_ / "output_vocab.txt").substr(0, 25),
            "[PAD]\n[BOS]\n[EOS]\n[UNK]\n#");
}

TEST_F(OutputVocabularyTest, DecodesToWrittenEnglish) {
  for (const char* text :
       {"dogs", "a man's t-shirt", "tri-colored dogs, a cat.", "isn't a dog!", "a dog?",
        "\"a dog\" and a cat", "a (red) shirt", "2.5", "1,000 dogs", "10:30", "$5", "5%",
        "black & white", "and/or", "2, 5", "a dog, a cat, 2 dogs", "dogs' shirt"}) {
    EXPECT_EQ(round_trip(text), text);
  }
  EXPECT_EQ(round_trip("A DOG ,a cat ."), "a dog, a cat.");
}

TEST_F(OutputVocabularyTest, DecodeStopsAtEosAndSkipsPadding) {
  const auto vocabulary = OutputVocabulary::build(*tokenizer_, {{"dogs cat", 1}}, 1);
  const auto dog = vocabulary.id("dog"), s = vocabulary.id("##s"), cat = vocabulary.id("cat");
  EXPECT_EQ(vocabulary.decode({1, 0, dog, s, 0, cat, 2, cat}), "dogs cat");
  EXPECT_EQ(vocabulary.decode({2, dog}), "");
  EXPECT_EQ(vocabulary.decode({}), "");
  EXPECT_EQ(vocabulary.decode({s, cat}), "s cat");
  EXPECT_EQ(vocabulary.decode({dog, 3}), "dog [UNK]");
}

TEST_F(OutputVocabularyTest, RefusesIdsOutsideAndBadCounts) {
  const auto vocabulary = OutputVocabulary::build(*tokenizer_, {{"dog", 1}}, 1);
  EXPECT_EQ(code_of([&] { vocabulary.decode({5}); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { vocabulary.token(-1); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] { OutputVocabulary::build(*tokenizer_, {}, 0); }), ErrorCode::kUsage);
  EXPECT_EQ(code_of([&] {
              OutputVocabulary::build(*tokenizer_, {{"dog", -1}}, 1);
            }),
            ErrorCode::kUsage);
}

TEST_F(OutputVocabularyTest, DamagedFilesAreTypedErrors) {
  const fs::path path = folder_ / "output_vocab.txt";
  EXPECT_EQ(code_of([&] { OutputVocabulary::load(path); }), ErrorCode::kFileNotFound);
  for (const char* content : {"", "[PAD]\n[BOS]\n[EOS]\n", "[BOS]\n[PAD]\n[EOS]\n[UNK]\ndog\n",
                              "[PAD]\n[BOS]\n[EOS]\n[UNK]\ndog\ndog\n"}) {
    write_file_atomic(path, content);
    EXPECT_EQ(code_of([&] { OutputVocabulary::load(path); }), ErrorCode::kModelFormat) << content;
  }
}

}  // namespace
}  // namespace beholder::text
