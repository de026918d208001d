#include "nn/decoder_layer.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "nn/attention_mask.hpp"

namespace beholder::nn {
namespace {

class DecoderLayerTest : public ::testing::TestWithParam<NormOrder> {
 protected:
  static LayerNames names() { return {AttentionNames("l.self"), "l.n", "l.fc1", "l.fc2", "l.m"}; }
  TrainableParameters source_{{}, {}, 4};
  DecoderLayer layer_{
      source_,
      names(),
      {{AttentionNames("l.words"), "l.wn", 6}, {AttentionNames("l.cells"), "l.cn", 5}},
      {8, 2, 12, 1e-5, GetParam()}};
  at::Tensor x_ = at::randn({4, 3, 8});
  KeyValue words_ = layer_.project(0, at::randn({4, 2, 6}));
  KeyValue cells_ = layer_.project(1, at::randn({2, 7, 5}));  // two rows share each
  at::Tensor causal_ = causal_mask(3, 3, x_);
};

TEST_P(DecoderLayerTest, StepsEqualTheWholePass) {
  const c10::NoGradGuard no_grad;
  const std::vector<Attended> attended{{&words_, {}}, {&cells_, {}}};
  const at::Tensor wanted = layer_.forward(x_, attended, causal_);
  KeyValueCache cache;
  const at::Tensor first = layer_.step(x_.slice(1, 0, 2), attended, cache, 0);
  const at::Tensor last = layer_.step(x_.slice(1, 2, 3), attended, cache, 0);
  EXPECT_TRUE(at::allclose(at::cat({first, last}, 1), wanted, 1e-4, 1e-5));
}

TEST_P(DecoderLayerTest, LeavesOutWhatHasNoMemory) {
  const at::Tensor both = layer_.forward(x_, {{&words_, {}}, {&cells_, {}}}, causal_);
  const at::Tensor unasked = layer_.forward(x_, {{}, {&cells_, {}}}, causal_);
  EXPECT_FALSE(at::allclose(both, unasked, 1e-3, 1e-3));
  std::vector<at::Tensor> trace;
  layer_.forward(x_, {{}, {&cells_, {}}}, causal_, 0, &trace);
  ASSERT_EQ(trace.size(), 2U);
  EXPECT_EQ(trace[0].sizes(), (at::IntArrayRef{4, 3, 3}));
  EXPECT_EQ(trace[1].sizes(), (at::IntArrayRef{4, 3, 7}));
}

TEST_P(DecoderLayerTest, DropsOutInTraining) {
  const std::vector<Attended> attended{{&words_, {}}, {&cells_, {}}};
  EXPECT_FALSE(at::allclose(layer_.forward(x_, attended, causal_, 0.5),
                            layer_.forward(x_, attended, causal_, 0.5)));
}

INSTANTIATE_TEST_SUITE_P(Orders, DecoderLayerTest,
                         ::testing::Values(NormOrder::kPre, NormOrder::kPost));

}  // namespace
}  // namespace beholder::nn
