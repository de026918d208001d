#include "text/lemmatizer.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <map>

#include "beholder/error.hpp"
#include "io/temporary_folder.hpp"

namespace beholder::text {
namespace {

namespace fs = std::filesystem;

/// A few entries in WordNet's own file formats; offsets are places in the data file.
class WordNetFixture : public ::testing::Test {
 protected:
  void SetUp() override {
    // entity → animal → dog; entity → thing → lamp; entity → thing → garbage_bin
    const std::vector<std::pair<const char*, int>> synsets = {
        {"entity", -1},     {"animal", 0}, {"dog", 1}, {"thing", 0},   {"lamp", 3},
        {"garbage_bin", 3}, {"mouse", 1},  {"bin", 3}, {"glasses", 3}, {"glass", 3}};
    std::vector<std::size_t> offsets;
    std::string data;
    for (const auto& [lemma, parent] : synsets) {
      offsets.push_back(data.size());
      char line[200];
      if (parent < 0)
        std::snprintf(line, sizeof line, "%08zu 03 n 01 %s 0 000 | made up\n", data.size(), lemma);
      else
        std::snprintf(line, sizeof line, "%08zu 03 n 01 %s 0 001 @ %08zu n 0000 | made up\n",
                      data.size(), lemma, offsets[parent]);
      data += line;
    }
    std::map<std::string, std::size_t> sorted;
    for (std::size_t i = 0; i < synsets.size(); ++i) sorted[synsets[i].first] = offsets[i];
    std::string index;
    for (const auto& [lemma, offset] : sorted) {
      char line[200];
      std::snprintf(line, sizeof line, "%s n 1 1 @ 1 0 %08zu  \n", lemma.c_str(), offset);
      index += line;
    }
    write("data.noun", data);
    write("index.noun", index);
    write("noun.exc", "mice mouse\nmen man\n");
    for (const char* pos : {"verb", "adj", "adv"}) {
      write(std::string("data.") + pos, "");
      write(std::string("index.") + pos, "");
      write(std::string(pos) + ".exc", "");
    }
  }
  void write(const std::string& name, const std::string& text) {
    std::ofstream(folder_.path() / name, std::ios::binary) << text;
  }
  io::TemporaryFolder folder_;
};

TEST_F(WordNetFixture, FindsBaseForms) {
  const WordNet wordnet(folder_.path());
  EXPECT_TRUE(wordnet.contains("Garbage bin", PartOfSpeech::kNoun));
  EXPECT_FALSE(wordnet.contains("dogs", PartOfSpeech::kNoun));
  EXPECT_EQ(wordnet.morphy("dogs", PartOfSpeech::kNoun), "dog");
  EXPECT_EQ(wordnet.morphy("mice", PartOfSpeech::kNoun), "mouse");
  EXPECT_EQ(wordnet.morphy("unknowns", PartOfSpeech::kNoun), std::nullopt);
  EXPECT_EQ(wordnet.base_forms("glasses", PartOfSpeech::kNoun),
            (std::vector<std::string>{"glasses", "glass"}));
}

TEST_F(WordNetFixture, ComparesByTheTaxonomy) {
  const WordNet wordnet(folder_.path());
  const Synset dog = wordnet.synsets("dogs").at(0), mouse = wordnet.synsets("mouse").at(0);
  const Synset lamp = wordnet.synsets("lamp").at(0);
  EXPECT_EQ(wordnet.name(dog), "dog.n.01");
  ASSERT_EQ(wordnet.ancestors(dog).size(), 3u);
  EXPECT_EQ(wordnet.name(wordnet.ancestors(dog).back()), "entity.n.01");
  EXPECT_DOUBLE_EQ(wordnet.wup_similarity(dog, dog).value(), 1);
  // 2 · depth(common) / (depth(a) + depth(b)), the root at depth 1.
  EXPECT_DOUBLE_EQ(wordnet.wup_similarity(dog, mouse).value(), 2.0 * 2 / (3 + 3));
  EXPECT_DOUBLE_EQ(wordnet.wup_similarity(dog, lamp).value(), 2.0 * 1 / (3 + 3));
}

TEST_F(WordNetFixture, SaysWhereAFileIsDamaged) {
  write("index.noun", "dog n one 1 @ 1 0 00000000  \n");
  const WordNet wordnet(folder_.path());
  try {
    wordnet.synsets("dog");
    FAIL() << "a count that is no number";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
    EXPECT_NE(std::string(error.what()).find("index.noun"), std::string::npos) << error.what();
  }
}

TEST_F(WordNetFixture, LemmasPreferEntries) {
  const WordNet wordnet(folder_.path());
  const std::pair<const char*, const char*> cases[] = {
      {"Dogs", "dog"},
      {"mice", "mouse"},
      {"glasses", "glasses"},
      {"garbage bins", "garbage bin"},
      {"garbage_bins", "garbage_bin"},
      {"zorgs", "zorgs"},
      {"", ""},
  };
  for (const auto& [form, base] : cases) EXPECT_EQ(lemma(wordnet, form, PartOfSpeech::kNoun), base);
}

TEST(Lemmatizer, SingularsFollowRules) {
  const std::pair<const char*, const char*> cases[] = {
      {"dogs", "dog"},
      {"boxes", "box"},
      {"berries", "berry"},
      {"men", "man"},
      {"shelves", "shelf"},
      {"glasses", "glass"},
      {"houses", "house"},
      {"buses", "bus"},
      {"scissors", "scissors"},
      {"grass", "grass"},
      {"garbage bins", "garbage bin"},
      {"potatoes", "potato"},
      {"bus", "bus"},
      {"s", "s"},
      {"", ""},
  };
  for (const auto& [form, base] : cases) EXPECT_EQ(singular(form), base);
}

}  // namespace
}  // namespace beholder::text
