#include "nn/tensor_pool.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <thread>
#include <vector>

namespace beholder::nn {
namespace {

TEST(TensorPool, HandsOutWhatWasGivenBack) {
  install_tensor_pool();
  install_tensor_pool();
  const std::size_t before = tensor_pool_idle_bytes();
  void* first = nullptr;
  {
    const at::Tensor a = at::full({1000, 300}, 7.0f);
    first = a.data_ptr();
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % 64, 0u);
    EXPECT_EQ(a.sum().item<float>(), 2100000.0f);
  }
  EXPECT_GE(tensor_pool_idle_bytes(), before + 1200000);
  const at::Tensor b = at::empty({1001, 300});  // of the same class
  EXPECT_EQ(b.data_ptr(), first);
  EXPECT_EQ(tensor_pool_idle_bytes(), before);
}

TEST(TensorPool, OddSizes) {
  install_tensor_pool();
  EXPECT_EQ(at::empty({0}).numel(), 0);
  for (const std::int64_t size : {1, 15, 4000, 4079, 4080, 4081, 5000, 1 << 20, 3'000'001}) {
    const at::Tensor x = at::arange(size, at::kFloat);
    EXPECT_EQ(x[size - 1].item<float>(), static_cast<float>(size - 1));
    at::Tensor y = x.clone();
    y.resize_({size + 4096});
    EXPECT_EQ(y[0].item<float>(), 0.0f);
  }
}

TEST(TensorPool, ManyThreadsAndABound) {
  install_tensor_pool();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([t] {
      std::vector<at::Tensor> kept;
      for (int i = 0; i < 400; ++i) {
        kept.push_back(at::full({20000 + 1000 * (i % 9)}, static_cast<float>(t * 1000 + i)));
        if (kept.size() > 20) kept.erase(kept.begin() + i % 20);
        for (const at::Tensor& x : {kept.front(), kept.back()})
          ASSERT_EQ(x[0].item<float>(), x[-1].item<float>());
      }
    });
  for (auto& thread : threads) thread.join();
  // Eight blocks of 128 MiB at once; not all of them wait afterwards.
  {
    std::vector<at::Tensor> large;
    for (int i = 0; i < 8; ++i) large.push_back(at::empty({std::int64_t{120} << 18}));
  }
  EXPECT_LE(tensor_pool_idle_bytes(), std::size_t{384} << 20);
}

}  // namespace
}  // namespace beholder::nn
