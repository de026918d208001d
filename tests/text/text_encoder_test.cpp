#include "text/text_encoder.hpp"

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "beholder/error.hpp"
#include "support/gradients.hpp"

namespace beholder::text {
namespace {

using Json = nlohmann::json;

const std::string kRoot = BEHOLDER_SOURCE_DIR;

class TextEncoderGolden : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(kRoot + "/tests/golden/networks/text.json");
    golden_ = Json::parse(in);
    const auto rows = golden_.at("input_ids").get<std::vector<std::vector<std::int64_t>>>();
    ids_ = at::empty({static_cast<std::int64_t>(rows.size()), 8}, at::kLong);
    for (std::size_t r = 0; r < rows.size(); ++r)
      for (std::size_t t = 0; t < 8; ++t)
        ids_[static_cast<std::int64_t>(r)][static_cast<std::int64_t>(t)] = rows[r][t];
  }
  Json golden_;
  at::Tensor ids_;
  nn::StoredParameters stored_{
      io::SafetensorsFile::open(kRoot + "/models/beholder/model.safetensors")};
};

TEST_F(TextEncoderGolden, EqualsTheReference) {
  const c10::NoGradGuard no_grad;
  const TextEncoder encoder(stored_, "text_encoder", {});
  const at::Tensor mask = ids_.ne(0).to(at::kLong);
  const at::Tensor embeds = encoder.forward(ids_, mask);
  ASSERT_EQ(embeds.sizes(), (std::vector<std::int64_t>{3, 8, 384}));
  double largest = 0;
  for (std::int64_t r = 0; r < 3; ++r)
    for (std::int64_t t = 0; t < 8; ++t) {
      if (mask[r][t].item<std::int64_t>() == 0) continue;
      const auto wanted = golden_.at("embeds")[r][t].get<std::vector<float>>();
      for (std::size_t d = 0; d < wanted.size(); ++d) {
        const float got = embeds[r][t][static_cast<std::int64_t>(16 * d)].item<float>();
        EXPECT_NEAR(got, wanted[d], 1e-3) << r << " " << t << " " << 16 * d;
        largest = std::max(largest, std::abs(double(wanted[d])));
      }
    }
  EXPECT_GT(largest, 0.5) << "the tolerance must be small beside the values";
}

TEST_F(TextEncoderGolden, PaddingChangesNothing) {
  const c10::NoGradGuard no_grad;
  const TextEncoder encoder(stored_, "text_encoder", {});
  const at::Tensor padded = encoder.forward(ids_, ids_.ne(0).to(at::kLong));
  const at::Tensor alone = encoder.forward(ids_.slice(0, 1, 2).slice(1, 0, 6));
  EXPECT_TRUE(at::allclose(padded[1].slice(0, 0, 6), alone[0], 1e-3, 1e-4));
}

TEST(TextEncoder, RefusesTooLongQuestions) {
  TextConfig config;
  config.vocab_size = 10;
  config.hidden_size = 8;
  config.num_attention_heads = 2;
  config.intermediate_size = 8;
  config.num_hidden_layers = 1;
  config.max_position_embeddings = 4;
  nn::TrainableParameters source({}, {}, 1);
  const TextEncoder encoder(source, "t", config);
  try {
    encoder.forward(at::zeros({1, 5}, at::kLong));
    FAIL() << "five tokens, four places";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kQuestionTooLong);
  }
}

TEST(TextEncoder, GradientsFlowThroughFrozenLayers) {
  TextConfig config;
  config.vocab_size = 10;
  config.hidden_size = 8;
  config.num_attention_heads = 2;
  config.intermediate_size = 16;
  config.num_hidden_layers = 2;
  tests::expect_gradients_through_frozen(
      [&](nn::ParameterSource& source, const at::Tensor& words) {
        return TextEncoder(source, "t", config).encode(words);
      },
      at::randn({2, 5, 8}));
}

}  // namespace
}  // namespace beholder::text
