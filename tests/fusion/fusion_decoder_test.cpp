#include "fusion/fusion_decoder.hpp"

#include <gtest/gtest.h>

#include "beholder/error.hpp"
#include "nn/attention_mask.hpp"
#include "support/gradients.hpp"

namespace beholder::fusion {
namespace {

class FusionDecoderTest : public ::testing::Test {
 protected:
  static FusionConfig config() {
    FusionConfig out;
    out.vocab_size = 11;
    out.hidden_size = 16;
    out.image_size = 12;
    out.question_size = 8;
    out.num_attention_heads = 4;
    out.intermediate_size = 32;
    out.num_hidden_layers = 2;
    out.max_position_embeddings = 8;
    return out;
  }
  nn::TrainableParameters parameters_{{}, {}, 3};
  FusionDecoder decoder_{parameters_, "fusion_decoder", config()};
  at::Tensor image_ = at::rand({2, 5, 12});    // P = 2
  at::Tensor question_ = at::rand({4, 3, 8});  // S = 4
  at::Tensor ids_ = at::randint(4, 11, {4, 6}, at::kLong);

  DecoderMemory memory() const {
    DecoderMemory out;
    out.image = decoder_.project_image(image_);
    out.question = decoder_.project_question(question_);
    return out;
  }
};

TEST_F(FusionDecoderTest, StepsWithCacheEqualTheWholePass) {
  const DecoderMemory memory = this->memory();
  const at::Tensor whole = decoder_.forward(ids_, Task::kAnswer, memory);  // (4, 7, 16)
  ASSERT_EQ(whole.sizes(), (std::vector<std::int64_t>{4, 7, 16}));
  nn::KeyValueCache cache;
  for (std::int64_t t = 0; t < 7; ++t) {
    const at::Tensor last = t == 0 ? at::Tensor() : ids_.select(1, t - 1);
    const at::Tensor state = decoder_.step(last, 4, Task::kAnswer, memory, cache);
    EXPECT_TRUE(at::allclose(state.squeeze(1), whole.select(1, t), 1e-4, 1e-5)) << t;
  }
  EXPECT_EQ(cache.length(), 7);
}

TEST_F(FusionDecoderTest, LaterTokensDoNotChangeEarlierStates) {
  const DecoderMemory memory = this->memory();
  at::Tensor changed = ids_.clone();
  changed.select(1, 5).fill_(4);
  changed.select(1, 4).fill_(5);
  const at::Tensor a = decoder_.forward(ids_, Task::kDescribe, memory);
  const at::Tensor b = decoder_.forward(changed, Task::kDescribe, memory);
  EXPECT_TRUE(at::equal(a.slice(1, 0, 5), b.slice(1, 0, 5)));
  EXPECT_FALSE(at::allclose(a.select(1, 6), b.select(1, 6)));
}

TEST_F(FusionDecoderTest, RowsOfAPictureShareItsMemory) {
  const DecoderMemory shared = this->memory();
  DecoderMemory repeated = shared;
  repeated.image = decoder_.project_image(at::stack({image_[0], image_[0], image_[1], image_[1]}));
  EXPECT_TRUE(at::allclose(decoder_.forward(ids_, Task::kAnswer, shared),
                           decoder_.forward(ids_, Task::kAnswer, repeated), 1e-4, 1e-5));
}

TEST_F(FusionDecoderTest, PaddingBehindAMaskChangesNothing) {
  DecoderMemory memory = this->memory();
  const at::Tensor plain = decoder_.forward(ids_, Task::kAnswer, memory);
  const at::Tensor padded = at::cat({question_, at::rand({4, 2, 8})}, 1);
  memory.question = decoder_.project_question(padded);
  const at::Tensor mask = at::cat({at::ones({4, 3}, at::kLong), at::zeros({4, 2}, at::kLong)}, 1);
  memory.question_mask = nn::padding_mask(mask);
  EXPECT_TRUE(at::allclose(plain, decoder_.forward(ids_, Task::kAnswer, memory), 1e-4, 1e-5));
}

TEST_F(FusionDecoderTest, PictureQuestionAndTaskMatter) {
  DecoderMemory memory = this->memory();
  const at::Tensor state = decoder_.forward(ids_, Task::kAnswer, memory);
  EXPECT_FALSE(at::allclose(state, decoder_.forward(ids_, Task::kDescribe, memory)));
  DecoderMemory blind = memory;
  blind.image = decoder_.project_image({});
  EXPECT_FALSE(at::allclose(state, decoder_.forward(ids_, Task::kAnswer, blind)));
  DecoderMemory unasked = memory;
  unasked.question.clear();
  EXPECT_FALSE(at::allclose(state, decoder_.forward(ids_, Task::kAnswer, unasked)));
}

TEST_F(FusionDecoderTest, GradientsReachEveryPart) {
  decoder_.logits(decoder_.forward(ids_, Task::kAnswer, memory())).square().sum().backward();
  for (const auto& [name, value] : parameters_.all()) {
    if (name.find("no_image") != std::string::npos) continue;  // a picture was given
    ASSERT_TRUE(value.grad().defined()) << name;
    if (name.find("key.bias") != std::string::npos) continue;  // softmax cancels it exactly
    EXPECT_GT(value.grad().abs().sum().item<double>(), 0) << name;
  }
}

TEST_F(FusionDecoderTest, WrongShapesAreNamed) {
  EXPECT_THROW(decoder_.project_image(at::rand({1, 5, 13})), Error);
  EXPECT_THROW(decoder_.forward(at::zeros({4, 9}, at::kLong), Task::kAnswer, memory()), Error);
}

TEST_F(FusionDecoderTest, GradientsFlowThroughFrozenLayers) {
  const auto run = [&](nn::ParameterSource& source, const at::Tensor& image,
                       const at::Tensor& question) {
    const FusionDecoder decoder(source, "fusion_decoder", config());
    DecoderMemory memory;
    memory.image = decoder.project_image(image);
    memory.question = decoder.project_question(question);
    return decoder.logits(decoder.forward(ids_, Task::kAnswer, memory));
  };
  tests::expect_gradients_through_frozen(
      [&](auto& source, const at::Tensor& image) { return run(source, image, question_); }, image_);
  tests::expect_gradients_through_frozen(
      [&](auto& source, const at::Tensor& question) { return run(source, image_, question); },
      question_);
}

}  // namespace
}  // namespace beholder::fusion
