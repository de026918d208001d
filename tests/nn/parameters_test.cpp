#include "nn/parameters.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "beholder/error.hpp"
#include "io/half.hpp"
#include "nn/convolution.hpp"
#include "nn/cross_attention.hpp"
#include "nn/embedding.hpp"

namespace beholder::nn {
namespace {
namespace fs = std::filesystem;

class ParametersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    path_ =
        fs::temp_directory_path() / ("beholder-nn-" + std::to_string(::getpid()) + ".safetensors");
  }
  void TearDown() override { fs::remove(path_); }

  /// Writes all of `parameters` as floats, with `extra` as one more tensor.
  io::SafetensorsFile store(const TrainableParameters& parameters, const std::string& extra = "") {
    io::SafetensorsWriter writer;
    for (const auto& [name, value] : parameters.all())
      writer.add_copy(name, io::DType::kF32, value.sizes().vec(), value.data_ptr<float>(),
                      static_cast<std::size_t>(value.numel()) * 4);
    const float one = 1;
    if (!extra.empty()) writer.add_copy(extra, io::DType::kF32, {1}, &one, 4);
    writer.write(path_);
    return io::SafetensorsFile::open(path_);
  }
  fs::path path_;
};

TEST_F(ParametersTest, PackedLayersEqualPlainOnes) {
  TrainableParameters plain({}, {}, 5);
  const Linear linear(plain, "linear", 24, 40);
  const Conv2d conv(plain, "conv", {6, 10, 3, 2, 1}, Activation::kRelu6);
  const Conv2d depthwise(plain, "depthwise", {6, 6, 5, 1, 6}, Activation::kNone);
  const CrossAttention attention(plain, AttentionNames("attention"), 32, 4, 20);
  const Embedding embedding(plain, "tokens", 17, 32, "tokens_bias");
  StoredParameters stored(store(plain));
  const Linear linear2(stored, "linear", 24, 40);
  const Conv2d conv2(stored, "conv", {6, 10, 3, 2, 1}, Activation::kRelu6);
  const Conv2d depthwise2(stored, "depthwise", {6, 6, 5, 1, 6}, Activation::kNone);
  const CrossAttention attention2(stored, AttentionNames("attention"), 32, 4, 20);
  const Embedding embedding2(stored, "tokens", 17, 32, "tokens_bias");
  stored.check_all_used();

  const at::Tensor x = at::randn({3, 7, 24}), residual = at::randn({3, 7, 40});
  EXPECT_TRUE(at::allclose(linear.forward(x, Activation::kGelu, residual),
                           linear2.forward(x, Activation::kGelu, residual), 1e-4, 1e-4));
  for (const auto& [height, width] : {std::pair{9, 13}, std::pair{8, 8}}) {
    const at::Tensor picture = at::randn({2, 6, height, width});
    EXPECT_TRUE(at::allclose(conv.forward(picture), conv2.forward(picture), 1e-4, 1e-4));
    EXPECT_TRUE(at::allclose(depthwise.forward(picture, picture),
                             depthwise2.forward(picture, picture), 1e-4, 1e-4));
  }
  const at::Tensor tokens = at::randn({2, 6, 20}), query = at::randn({4, 3, 32});
  EXPECT_TRUE(at::allclose(attention.forward(query, attention.project(tokens), {}, query),
                           attention2.forward(query, attention2.project(tokens), {}, query), 1e-4,
                           1e-4));
  const at::Tensor ids = at::randint(0, 17, {2, 4}, at::kLong);
  EXPECT_TRUE(at::allclose(embedding.forward(ids), embedding2.forward(ids)));
  EXPECT_TRUE(at::allclose(embedding.logits(query), embedding2.logits(query), 1e-4, 1e-4));
}

TEST_F(ParametersTest, MissingMisshapenAndLeftOverTensorsAreNamed) {
  TrainableParameters plain({}, {}, 5);
  const Linear linear(plain, "linear", 24, 40);
  StoredParameters stored(store(plain, "stranger"));
  const auto says = [](const auto& work, const std::string& word) {
    try {
      work();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModelFormat);
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
      return true;
    }
    return false;
  };
  EXPECT_TRUE(says([&] { Linear(stored, "absent", 24, 40); }, "absent"));
  EXPECT_TRUE(says([&] { Linear(stored, "linear", 24, 41); }, "linear"));
  const Linear right(stored, "linear", 24, 40);
  EXPECT_TRUE(says([&] { stored.check_all_used(); }, "stranger"));
}

TEST_F(ParametersTest, Int8RowsAreScaled) {
  const std::int8_t integers[] = {127, -64, 0, 10};
  const float scales[] = {0.5F, 2.0F};
  io::SafetensorsWriter writer;
  writer.add_copy("t.weight", io::DType::kI8, {2, 2}, integers, 4);
  writer.add_copy(scale_name("t.weight"), io::DType::kF32, {2}, scales, 8);
  writer.write(path_);
  StoredParameters stored(io::SafetensorsFile::open(path_));
  const Embedding table(stored, "t", 2, 2);
  const at::Tensor rows = table.forward(at::arange(2, at::kLong));
  EXPECT_TRUE(at::equal(rows, at::tensor({63.5F, -32.0F, 0.0F, 20.0F}).view({2, 2})));
  stored.check_all_used();
  EXPECT_THROW(table.forward(at::full({1}, 2, at::kLong)), Error);
}

// Prefixes give a state to each part; the first rule that fits holds.
TEST_F(ParametersTest, AreTrainedFrozenOrPacked) {
  TrainableParameters first({}, {}, 5);
  const Linear linear(first, "stem.linear", 4, 4);
  const Linear other(first, "body.linear", 4, 4);
  TrainableParameters source(
      store(first), {{"stem.", ParameterState::kPacked}, {"body.", ParameterState::kFrozen}}, 6);
  EXPECT_EQ(source.state("stem.linear.weight"), ParameterState::kPacked);
  EXPECT_EQ(source.state("body.linear.weight"), ParameterState::kFrozen);
  EXPECT_EQ(source.state("head.linear.weight"), ParameterState::kTrained);
  const Linear packed(source, "stem.linear", 4, 4), frozen(source, "body.linear", 4, 4),
      trained(source, "head.linear", 4, 4);
  EXPECT_TRUE(packed.packed());
  EXPECT_FALSE(frozen.packed());
  EXPECT_EQ(source.all().size(), 2U) << "the head's weight and bias alone are trained";
  const at::Tensor x = at::randn({2, 4});
  EXPECT_TRUE(at::allclose(packed.forward(x), linear.forward(x), 1e-4, 1e-5));
  const at::Tensor seen = x.clone().set_requires_grad(true);
  const at::Tensor y = frozen.forward(seen);
  EXPECT_TRUE(at::equal(y, other.forward(x)));
  y.sum().backward();
  EXPECT_TRUE(at::allclose(seen.grad()[0], source.tensor("body.linear.weight", {4, 4}, {}).sum(0)));
}

TEST(TrainableParameters, WithoutAFileAllMustBeTrained) {
  EXPECT_THROW(TrainableParameters({}, {{"a.", ParameterState::kFrozen}}), Error);
}

}  // namespace
}  // namespace beholder::nn
