#include "eval/metric_support.hpp"

#include <gtest/gtest.h>

namespace beholder::eval {
namespace {

std::vector<bool> support(const std::vector<std::string>& words,
                          const std::vector<std::string>& captions) {
  WordSupport support;
  return support.supported(words, captions);
}

TEST(WordSupport, IsByLemmaSynonymAndWiderWord) {
  if (!text::WordNet::installed()) GTEST_SKIP() << "needs WordNet (Debian: wordnet-base)";
  const std::vector<std::string> captions = {"Two women sit on a sofa .",
                                             "A woman watches her puppies running"};
  EXPECT_EQ(support({"woman", "two", "sitting", "runs", "couch"}, captions),
            std::vector<bool>(5, true));
  // Wider words hold, narrower and other ones do not.
  EXPECT_EQ(support({"person", "dog", "furniture"}, captions), std::vector<bool>(3, true));
  EXPECT_EQ(support({"man", "poodle", "cat", "red", "standing"}, captions),
            std::vector<bool>(5, false));
}

TEST(WordSupport, FunctionWordsSupportNothing) {
  if (!text::WordNet::installed()) GTEST_SKIP() << "needs WordNet (Debian: wordnet-base)";
  EXPECT_EQ(support({"dog", "being"}, {"it is there", "a"}), std::vector<bool>(2, false));
  EXPECT_EQ(support({"dog"}, {}), std::vector<bool>{false});
  EXPECT_TRUE(support({}, {"a dog"}).empty());
  EXPECT_EQ(support({"zzyzx", "zzyzxs"}, {"a zzyzx"}), (std::vector<bool>{true, false}));
}

}  // namespace
}  // namespace beholder::eval
