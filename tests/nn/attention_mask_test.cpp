#include "nn/attention_mask.hpp"

#include <gtest/gtest.h>

namespace beholder::nn {
namespace {

TEST(AttentionMask, HidesPadding) {
  const at::Tensor mask = padding_mask(at::tensor({1, 1, 0, 1, 0, 0}, at::kLong).view({2, 3}));
  ASSERT_EQ(mask.sizes(), (at::IntArrayRef{2, 1, 1, 3}));
  EXPECT_TRUE(at::equal(mask.eq(0).view({2, 3}),
                        at::tensor({1, 1, 0, 1, 0, 0}).view({2, 3}).to(at::kBool)));
  EXPECT_FALSE(padding_mask({}).defined());
}

TEST(AttentionMask, LaterTokensAreHiddenBehindACacheToo) {
  const at::Tensor mask = causal_mask(2, 4, at::zeros({1}));
  EXPECT_TRUE(
      at::equal(mask.eq(0), at::tensor({1, 1, 1, 0, 1, 1, 1, 1}).view({2, 4}).to(at::kBool)));
  EXPECT_FALSE(causal_mask(1, 4, at::zeros({1})).defined()) << "the last sees all";
}

}  // namespace
}  // namespace beholder::nn
