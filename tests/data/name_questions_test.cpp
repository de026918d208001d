#include "data/name_questions.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "beholder/error.hpp"

namespace beholder::data {
namespace {

ClassifiedPicture picture(const char* name, std::int64_t likely, float probability) {
  ClassifiedPicture out{name, std::vector<float>(1000, 0.0f)};
  out.probabilities[likely] = probability;
  out.probabilities[999] += 1 - probability;
  return out;
}

TEST(NameQuestions, AsksAsOftenForYesAsForNo) {
  std::vector<ClassifiedPicture> pictures = {picture("cat1", 281, 0.9f), picture("cat2", 285, 0.8f),
                                             picture("dog", 200, 0.95f), picture("sofa", 831, 0.7f),
                                             picture("unsure", 283, 0.3f)};
  const auto rows = name_questions(pictures, {});
  std::map<std::string, std::map<std::string, int>> asked;
  for (const DerivedRow& row : rows) ++asked[row.question][row.answer];
  EXPECT_EQ(asked["is there a cat in the picture?"]["yes"], 2);
  EXPECT_EQ(asked["is there a cat in the picture?"]["no"], 2);
  EXPECT_EQ(asked["is there a sofa in the picture?"]["yes"], 1);
  EXPECT_EQ(asked["is there a sofa in the picture?"]["no"], 1);
  EXPECT_EQ(asked["what animal is this?"]["cat"], 2);
  EXPECT_EQ(asked["what animal is this?"]["dog"], 1);
  EXPECT_EQ(asked["what animal is this?"].count("sofa"), 0u);
  EXPECT_EQ(asked.count("is there an elephant in the picture?"), 0u) << "none shows one";
  for (const DerivedRow& row : rows)
    if (row.answer == "no" && row.question == "is there a cat in the picture?") {
      EXPECT_TRUE(row.image == "dog" || row.image == "sofa") << row.image;
    }
}

TEST(NameQuestions, NamesHaveTheirOwnClasses) {
  std::set<std::int64_t> taken;
  for (const NamedClasses& named : named_classes())
    for (const auto& [first, last] : named.ranges) {
      EXPECT_LE(0, first);
      EXPECT_LE(first, last);
      EXPECT_LT(last, 1000);
      for (std::int64_t c = first; c <= last; ++c)
        EXPECT_TRUE(taken.insert(c).second) << named.name << " " << c;
    }
}

TEST(NameQuestions, RefusesOtherClassifiers) {
  try {
    name_questions({{"a.jpg", std::vector<float>(10, 0.1f)}}, {});
    FAIL() << "ten classes";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  }
}

}  // namespace
}  // namespace beholder::data
