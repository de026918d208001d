#include "models/blip/blip_text.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include "beholder/error.hpp"
#include "support/gradients.hpp"

namespace beholder::models::blip {
namespace {

BlipTextConfig tiny() {
  BlipTextConfig config;
  config.vocab_size = 11;
  config.hidden_size = 8;
  config.encoder_hidden_size = 6;
  config.num_attention_heads = 2;
  config.intermediate_size = 16;
  config.num_hidden_layers = 2;
  config.max_position_embeddings = 6;
  return config;
}

TEST(BlipTextModel, GradientsFlowThroughFrozenLayers) {
  const at::Tensor ids = at::randint(0, 11, {2, 4}, at::kLong);
  for (const bool causal : {false, true})
    tests::expect_gradients_through_frozen(
        [&](nn::ParameterSource& source, const at::Tensor& embeds) {
          const BlipTextModel model(source, "t", tiny(), BlipTextModel::Head::kLanguageModel);
          return model.logits(model.forward(ids, model.project(embeds), causal));
        },
        at::randn({2, 3, 6}));
}

// A prompt at once, then a token at a time, as all of them in one causal pass.
TEST(BlipTextModel, APromptAtOnceIsThatTokenByToken) {
  nn::TrainableParameters source({}, {}, 1);
  const c10::NoGradGuard no_grad;
  const BlipTextModel model(source, "t", tiny(), BlipTextModel::Head::kNone);
  const auto memory = model.project(at::randn({1, 3, 6}));
  const at::Tensor ids = at::randint(0, 11, {1, 6}, at::kLong);
  nn::KeyValueCache cache;
  std::vector<at::Tensor> out{model.step(ids.slice(1, 0, 4), memory, cache)};
  for (std::int64_t t = 4; t < 6; ++t)
    out.push_back(model.step(ids.slice(1, t, t + 1), memory, cache));
  EXPECT_TRUE(at::allclose(at::cat(out, 1), model.forward(ids, memory, true), 1e-4, 1e-5));
  EXPECT_THROW(model.step(ids.slice(1, 0, 1), memory, cache), Error) << "all positions are written";
}

}  // namespace
}  // namespace beholder::models::blip
