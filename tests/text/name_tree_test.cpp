#include "text/name_tree.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "beholder/error.hpp"
#include "core/file.hpp"

namespace beholder::text {
namespace {

const std::string kFile = std::string(BEHOLDER_SOURCE_DIR) + "/models/beholder/names.json";

const NameTree& tree() {
  static const NameTree kTree = NameTree::load(kFile);
  return kTree;
}

std::set<std::string> words(const std::vector<std::size_t>& meanings) {
  std::set<std::string> out;
  for (const std::size_t one : meanings) out.insert(tree().word(one));
  return out;
}

TEST(NameTree, KnowsNounsInTheSingularAndThePlural) {
  EXPECT_EQ(words(tree().senses("dog")), std::set<std::string>{"dog"});
  EXPECT_EQ(tree().senses("Dogs"), tree().senses("dog"));
  EXPECT_EQ(tree().senses("fire hydrants"), tree().senses("fire hydrant"));
  EXPECT_FALSE(tree().senses("giraffe").empty());  // an object alone, of no class
  EXPECT_FALSE(tree().senses("bus").empty());
  EXPECT_TRUE(tree().senses("blorb").empty());
  EXPECT_TRUE(tree().senses("").empty());
}

TEST(NameTree, LeavesOutRareMeanings) {
  // The classes know a crane as a machine, the word's fourth meaning, and as a bird, its fifth.
  EXPECT_TRUE(tree().senses("crane").empty());
  // But the computer mouse, a word's fourth meaning, is what the detector calls so.
  EXPECT_EQ(tree().senses("mouse"), std::vector<std::size_t>{tree().objects().at("mouse")});
}

TEST(NameTree, TellsWhatIsAKindOfWhat) {
  const std::size_t dog = tree().senses("dog").front(), cat = tree().senses("cat").front();
  const std::size_t robin = tree().of_class(15), animal = tree().senses("animal").front();
  EXPECT_EQ(tree().word(robin), "robin");
  EXPECT_EQ(tree().word(tree().of_class(285)), "egyptian cat");
  EXPECT_TRUE(tree().is_a(robin, animal));
  EXPECT_TRUE(tree().is_a(dog, dog));
  EXPECT_FALSE(tree().is_a(animal, robin));
  EXPECT_FALSE(tree().is_any(robin, {dog, cat}));
  EXPECT_TRUE(tree().is_any(robin, {dog, animal}));
  EXPECT_TRUE(tree().is_a(tree().objects().at("giraffe"), animal));
}

TEST(NameTree, CountsEveryClassOnce) {
  std::vector<double> probabilities(NameTree::kClasses, 0);
  probabilities[281] = 0.5;   // tabby
  probabilities[285] = 0.25;  // Egyptian cat
  probabilities[15] = 0.25;   // robin
  const std::vector<double> masses = tree().masses(probabilities);
  ASSERT_EQ(masses.size(), tree().size());
  EXPECT_DOUBLE_EQ(masses[tree().senses("cat").front()], 0.75);
  // A domestic cat is an animal by two ways.
  EXPECT_DOUBLE_EQ(masses[tree().senses("animal").front()], 1);
  EXPECT_DOUBLE_EQ(masses[tree().senses("dog").front()], 0);
  EXPECT_DOUBLE_EQ(tree().mass(probabilities, tree().senses("cat")), 0.75);
  auto both = tree().senses("cat");
  both.push_back(tree().senses("animal").front());
  EXPECT_DOUBLE_EQ(tree().mass(probabilities, both), 1);
}

TEST(NameTree, KnowsHowMuchOfANounTheClassesCover) {
  EXPECT_GT(tree().coverage(tree().senses("dog")), 0.7);
  EXPECT_LT(tree().coverage(tree().senses("flower")), 0.05);
  EXPECT_EQ(tree().coverage(tree().senses("giraffe")), 0);
  EXPECT_EQ(tree().coverage({}), 0);
}

TEST(NameTree, RefusesDamage) {
  using Json = nlohmann::json;
  const Json whole = Json::parse(read_file_text(kFile));
  const auto refused = [](const std::string& text) {
    try {
      NameTree::parse(text, "names.json");
    } catch (const Error& error) {
      EXPECT_EQ(std::string(error.what()).substr(0, 10), "names.json");
      return error.code() == ErrorCode::kModelFormat;
    }
    return false;
  };
  EXPECT_NO_THROW(NameTree::parse(whole.dump(), "names.json"));
  EXPECT_TRUE(refused(whole.dump().substr(0, 5000)));
  EXPECT_TRUE(refused("[]"));
  Json damaged = whole;
  damaged["classes"].erase(0);
  EXPECT_TRUE(refused(damaged.dump()));
  damaged = whole;
  damaged["classes"][0] = 1 << 20;
  EXPECT_TRUE(refused(damaged.dump()));
  damaged = whole;
  damaged["classes"][0] = 1.5;
  EXPECT_TRUE(refused(damaged.dump()));
  damaged = whole;
  damaged["synsets"][5]["kind_of"] = {6};  // what is above stands before
  EXPECT_TRUE(refused(damaged.dump()));
  damaged = whole;
  damaged["synsets"][5]["words"] = Json::array();
  EXPECT_TRUE(refused(damaged.dump()));
  damaged = whole;
  damaged["synsets"][5]["leaves"] = 0;
  EXPECT_TRUE(refused(damaged.dump()));
  damaged = whole;
  damaged["objects"]["dog"] = -1;
  EXPECT_TRUE(refused(damaged.dump()));
}

TEST(NameTree, MissingFileIsSaid) {
  try {
    NameTree::load("no/names.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kFileNotFound);
  }
}

}  // namespace
}  // namespace beholder::text
