#include "nn/self_attention.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "io/temporary_folder.hpp"
#include "nn/attention_mask.hpp"

namespace beholder::nn {
namespace {

constexpr std::int64_t kHidden = 8, kHeads = 2;

/// The same attention with plain and with packed parameters.
class SelfAttentionTest : public ::testing::Test {
 protected:
  io::TemporaryFolder folder_;
  TrainableParameters source_{{}, {}, 9};
  SelfAttention plain_{source_, AttentionNames("a"), kHidden, kHeads};
  SelfAttention joint_{source_, {"j.all", "", "", "j.output"}, kHidden, kHeads};
  StoredParameters stored_{[this] {
    io::SafetensorsWriter writer;
    for (const auto& [name, value] : source_.all())
      writer.add_copy(name, io::DType::kF32, value.sizes().vec(), value.data_ptr<float>(),
                      static_cast<std::size_t>(value.numel()) * 4);
    writer.write(folder_ / "weights.safetensors");
    return io::SafetensorsFile::open(folder_ / "weights.safetensors");
  }()};
  SelfAttention packed_{stored_, AttentionNames("a"), kHidden, kHeads};
  SelfAttention packed_joint_{stored_, {"j.all", "", "", "j.output"}, kHidden, kHeads};
  c10::NoGradGuard no_grad_;

  /// Rows that begin with 2 tokens, then go on from others with 2 more, fed in these pieces.
  at::Tensor written(const SelfAttention& attention, const at::Tensor& early,
                     const at::Tensor& late, const std::vector<std::int64_t>& origins,
                     std::int64_t at_once) const {
    KeyValueCache cache;
    std::vector<at::Tensor> out;
    for (std::int64_t t = 0; t < 2; t += at_once)
      attention.forward(early.slice(1, t, t + at_once), cache, 0, {});
    cache.select(origins);
    for (std::int64_t t = 0; t < 2; t += at_once)
      out.push_back(attention.forward(late.slice(1, t, t + at_once), cache, 0, {}));
    EXPECT_EQ(cache.length(), 4);
    return at::cat(out, 1);
  }
};

// A token or several at a time, with rows that go on from others, as all of a row's at once.
TEST_F(SelfAttentionTest, BehindACacheEqualsOneCausalPass) {
  const std::vector<std::int64_t> origins{2, 0, 2, 1};
  const at::Tensor early = at::randn({3, 2, kHidden}), late = at::randn({4, 2, kHidden});
  const at::Tensor whole =
      at::cat({early.index_select(0, at::tensor(origins, at::kLong)), late}, 1);
  const at::Tensor mask = causal_mask(4, 4, whole);
  for (const auto* pair : {&plain_, &joint_}) {
    const SelfAttention& packed = pair == &plain_ ? packed_ : packed_joint_;
    const at::Tensor wanted = pair->forward(whole, mask, {}).slice(1, 2);
    for (const std::int64_t at_once : {1, 2}) {
      EXPECT_TRUE(at::allclose(written(*pair, early, late, origins, at_once), wanted, 1e-5, 1e-6));
      EXPECT_TRUE(at::allclose(written(packed, early, late, origins, at_once), wanted, 1e-4, 1e-5));
    }
  }
}

TEST_F(SelfAttentionTest, AJointProjectionIsThreeOneAfterTheOther) {
  const auto joint = [&](const char* kind) {
    return source_.all().at(std::string("j.all.") + kind);
  };
  std::int64_t part = 0;
  for (const char* one : {"query", "key", "value"}) {
    for (const char* kind : {"weight", "bias"})
      joint(kind)
          .narrow(0, part * kHidden, kHidden)
          .copy_(source_.all().at(std::string("a.") + one + "." + kind));
    ++part;
  }
  for (const char* kind : {"weight", "bias"})
    source_.all()
        .at(std::string("j.output.") + kind)
        .copy_(source_.all().at(std::string("a.output.") + kind));
  const at::Tensor x = at::randn({2, 5, kHidden}), added = at::randn({2, 5, kHidden});
  EXPECT_TRUE(at::allclose(joint_.forward(x, {}, added), plain_.forward(x, {}, added), 1e-5, 1e-6));
}

TEST_F(SelfAttentionTest, PackedEqualsPlain) {
  for (const std::int64_t length : {1, 3, 70}) {
    const at::Tensor x = at::randn({2, length, kHidden});
    EXPECT_TRUE(at::allclose(plain_.forward(x, {}, x), packed_.forward(x, {}, x), 1e-4, 1e-5));
    EXPECT_TRUE(
        at::allclose(joint_.forward(x, {}, x), packed_joint_.forward(x, {}, x), 1e-4, 1e-5));
  }
}

TEST_F(SelfAttentionTest, WeightsAddUpToOneAndHideWhatIsMasked) {
  const at::Tensor x = at::randn({2, 5, kHidden});
  const at::Tensor seen = plain_.weights(x, causal_mask(5, 5, x));
  EXPECT_TRUE(at::allclose(seen.sum(-1), at::ones({2, 5})));
  EXPECT_EQ(seen.triu(1).abs().max().item<float>(), 0);
}

}  // namespace
}  // namespace beholder::nn
