#include "eval/metric_caption.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/file.hpp"

namespace beholder::eval {
namespace {

TEST(CaptionMetricTest, EqualTheReferenceImplementation) {
  const auto golden = nlohmann::json::parse(
      read_file_text(BEHOLDER_SOURCE_DIR "/tests/golden/metrics/captions.json"));
  std::vector<Tokens> captions;
  std::vector<std::vector<Tokens>> references;
  for (const auto& row : golden["rows"]) {
    captions.push_back(row["caption"].get<Tokens>());
    references.push_back(row["references"].get<std::vector<Tokens>>());
  }
  const auto bleu = corpus_bleu(captions, references);
  for (int n = 0; n < 4; ++n) EXPECT_NEAR(bleu[n], golden["bleu"][n].get<double>(), 1e-9) << n;
  const Cider cider = cider_d(captions, references);
  EXPECT_NEAR(cider.mean, golden["cider"].get<double>(), 1e-9);
  ASSERT_EQ(cider.per_picture.size(), captions.size());
  for (std::size_t i = 0; i < captions.size(); ++i)
    EXPECT_NEAR(cider.per_picture[i], golden["cider_per_picture"][i].get<double>(), 1e-9) << i;
}

TEST(CaptionMetricTest, BrevityPenaltyAndClippingByHand) {
  // 2 of 4 unigrams count (clipped), no bigram is right; lengths 4 and 4: no penalty.
  const auto bleu = corpus_bleu({{"the", "the", "the", "cat"}}, {{{"the", "dog", "sees", "cat"}}});
  EXPECT_NEAR(bleu[0], 0.5, 1e-6);
  EXPECT_LT(bleu[1], 1e-3);
  // Half as long as the reference: exp(1 - 4/2).
  const auto shorter = corpus_bleu({{"the", "dog"}}, {{{"the", "dog", "sees", "cat"}}});
  EXPECT_NEAR(shorter[0], std::exp(-1.0), 1e-6);
}

TEST(CaptionMetricTest, TokenizesAsPennTreebankWithoutPunctuation) {
  EXPECT_EQ(caption_tokens("A man's dog, running . "),
            (Tokens{"a", "man", "'s", "dog", "running"}));
  EXPECT_EQ(caption_tokens("Two T-shirts!"), (Tokens{"two", "t-shirts"}));
  EXPECT_TRUE(caption_tokens(" .,!? ").empty());
}

}  // namespace
}  // namespace beholder::eval
