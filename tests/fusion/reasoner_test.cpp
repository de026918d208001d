#include "fusion/reasoner.hpp"

#include <gtest/gtest.h>

#include "support/gradients.hpp"
#include "support/text_files.hpp"

namespace beholder::fusion {
namespace {

ReasonerConfig tiny() {
  ReasonerConfig config;
  config.vocab_size = 11;
  config.word_size = 6;
  config.object_size = 5;
  config.hidden_size = 16;
  config.num_attention_heads = 2;
  config.intermediate_size = 32;
  config.num_encoder_layers = config.num_decoder_layers = 2;
  config.max_question_tokens = 8;
  config.max_program_tokens = 9;
  return config;
}

ReasonerInput input(std::int64_t rows, std::int64_t length, std::int64_t objects) {
  at::manual_seed(3);
  ReasonerInput out;
  out.words = at::randn({rows, length, 6});
  out.question_mask = at::ones({rows, length}, at::kLong);
  if (objects > 0) {
    out.objects = at::randn({rows, objects, 5});
    out.object_mask = at::ones({rows, objects}, at::kLong);
  }
  return out;
}

at::Tensor logits(const Reasoner& reasoner, const ReasonerInput& in, Task task) {
  const auto rows = in.words.size(0);
  const at::Tensor ids = at::ones({rows, 2}, at::kLong);
  return reasoner.decoder().logits(reasoner.decoder().forward(ids, task, reasoner.remember(in)));
}

TEST(Reasoner, PaddingChangesNothing) {
  nn::TrainableParameters parameters;
  const Reasoner reasoner(parameters, "reasoner", tiny());
  const ReasonerInput plain = input(1, 5, 3);
  ReasonerInput padded = plain;
  padded.words = at::cat({plain.words, at::full({1, 2, 6}, 7.0)}, 1);
  padded.question_mask = at::cat({plain.question_mask, at::zeros({1, 2}, at::kLong)}, 1);
  padded.objects = at::cat({plain.objects, at::full({1, 4, 5}, -9.0)}, 1);
  padded.object_mask = at::cat({plain.object_mask, at::zeros({1, 4}, at::kLong)}, 1);
  EXPECT_TRUE(at::allclose(logits(reasoner, plain, Task::kAnswer),
                           logits(reasoner, padded, Task::kAnswer), 1e-4, 1e-5));
}

TEST(Reasoner, SeesItsObjectsInAnyOrder) {
  nn::TrainableParameters parameters;
  const Reasoner reasoner(parameters, "reasoner", tiny());
  const ReasonerInput plain = input(2, 5, 3);
  ReasonerInput turned = plain;
  turned.objects = plain.objects.flip(1);
  const at::Tensor before = logits(reasoner, plain, Task::kAnswer);
  EXPECT_TRUE(at::allclose(before, logits(reasoner, turned, Task::kAnswer), 1e-4, 1e-5));
  turned.objects = plain.objects + 1;
  EXPECT_FALSE(at::allclose(before, logits(reasoner, turned, Task::kAnswer), 1e-4, 1e-5));
  EXPECT_FALSE(at::allclose(before, logits(reasoner, plain, Task::kExplain), 1e-4, 1e-5));
}

TEST(Reasoner, RefusesWhatDoesNotFit) {
  nn::TrainableParameters parameters;
  const Reasoner reasoner(parameters, "reasoner", tiny());
  EXPECT_EQ(tests::error_of([&] { reasoner.remember(input(1, 9, 0)); }).code(),
            ErrorCode::kQuestionTooLong);
  ReasonerInput wrong = input(1, 4, 2);
  wrong.objects = at::randn({1, 2, 4});
  EXPECT_EQ(tests::error_of([&] { reasoner.remember(wrong); }).code(), ErrorCode::kShape);
}

TEST(Reasoner, GradientsFlowThroughFrozenLayers) {
  const auto run = [](nn::ParameterSource& source, const ReasonerInput& in) {
    return logits(Reasoner(source, "reasoner", tiny()), in, Task::kAnswer);
  };
  const ReasonerInput plain = input(2, 5, 3);
  tests::expect_gradients_through_frozen(
      [&](auto& source, const at::Tensor& words) {
        ReasonerInput changed = plain;
        changed.words = words;
        return run(source, changed);
      },
      plain.words);
  tests::expect_gradients_through_frozen(
      [&](auto& source, const at::Tensor& objects) {
        ReasonerInput changed = plain;
        changed.objects = objects;
        return run(source, changed);
      },
      plain.objects);
}

}  // namespace
}  // namespace beholder::fusion
