// Gradients through networks whose parameters are frozen.
#pragma once

#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

#include "io/temporary_folder.hpp"
#include "nn/parameters.hpp"

namespace beholder::tests {

/// Builds a network from `source` and gives what it makes of `input`.
using Run = std::function<at::Tensor(nn::ParameterSource& source, const at::Tensor& input)>;

/// The parameters that `run` declares, of new values, as a file.
inline io::SafetensorsFile fresh_weights(const Run& run, const at::Tensor& input,
                                         const std::filesystem::path& path) {
  at::manual_seed(7);
  nn::TrainableParameters fresh({}, {}, 7);
  const c10::NoGradGuard no_grad;
  run(fresh, input);
  io::SafetensorsWriter writer;
  for (const auto& [name, value] : fresh.all()) {
    // Kernels as He et al. (2015) start them: through many small ones next to nothing would be
    // left.
    if (value.dim() == 4)
      at::Tensor(value).normal_(0, std::sqrt(2.0 / static_cast<double>(value[0].numel())));
    writer.add_copy(name, io::DType::kF32, value.sizes().vec(), value.data_ptr<float>(),
                    static_cast<std::size_t>(value.numel()) * 4);
  }
  writer.write(path);
  return io::SafetensorsFile::open(path);
}

/// The input's gradient of a frozen network is that of the trained one and a numerical one, and the
/// packed network gives the same output.
inline void expect_gradients_through_frozen(const Run& run, const at::Tensor& input) {
  const io::TemporaryFolder folder;
  const auto file = fresh_weights(run, input, folder / "weights.safetensors");
  nn::TrainableParameters frozen(file, {{"", nn::ParameterState::kFrozen}}), trained(file);
  nn::StoredParameters packed(file);
  at::Tensor weight;
  const auto loss = [&](nn::ParameterSource& source, const at::Tensor& x) {
    const at::Tensor out = run(source, x);
    if (!weight.defined()) weight = at::randn(out.sizes());
    return (out * weight).sum(at::kDouble);
  };
  const auto gradient = [&](nn::ParameterSource& source) {
    const at::Tensor x = input.clone().set_requires_grad(true);
    loss(source, x).backward();
    return x.grad();
  };
  at::manual_seed(5);
  const at::Tensor got = gradient(frozen);
  ASSERT_TRUE(got.defined());
  EXPECT_TRUE(frozen.all().empty()) << "nothing is left to train";
  EXPECT_TRUE(at::isfinite(got).all().item<bool>());
  EXPECT_TRUE(at::allclose(got, gradient(trained), 1e-4, 1e-6));
  EXPECT_FALSE(trained.all().empty());

  const c10::NoGradGuard no_grad;
  const double slope = got.norm().item<double>();
  ASSERT_GT(slope, 0);
  // So small that few activations change their piece, so large that floats show the difference.
  const double step = 1e-3 * run(frozen, input).norm().item<double>() / slope;
  const at::Tensor ahead = got * (step / slope);
  const double difference =
      (loss(frozen, input + ahead) - loss(frozen, input - ahead)).item<double>();
  EXPECT_NEAR(difference / (2 * step), slope, 0.03 * slope);
  EXPECT_TRUE(at::allclose(run(packed, input), run(frozen, input), 1e-3, 1e-4));
}

}  // namespace beholder::tests
