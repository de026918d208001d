#include "nn/kernels/fma_peak.hpp"

#include <omp.h>

#include <chrono>
#include <cmath>

#include "core/check.hpp"
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace beholder::nn::kernels {

namespace {

// A round of a kernel does kSteps multiply-adds on kChains independent vectors: enough chains to
// hide the latency (4 cycles on 2 units), few enough to stay in 16 registers.
constexpr int kChains = 12;
constexpr int kSteps = 1000;

using Round = float (*)();
struct Kernel {
  Round round;
  int lanes;
};

#if defined(__x86_64__)
__attribute__((target("avx512f"))) float round_avx512() {
  const __m512 factor = _mm512_set1_ps(0.999f), addend = _mm512_set1_ps(0.001f);
  __m512 chains[kChains];
  for (int c = 0; c < kChains; ++c) chains[c] = _mm512_set1_ps(1.0f + 0.1f * c);
  for (int s = 0; s < kSteps; ++s) {
#pragma GCC unroll 12
    for (int c = 0; c < kChains; ++c) chains[c] = _mm512_fmadd_ps(chains[c], factor, addend);
  }
  __m512 sum = chains[0];
  for (int c = 1; c < kChains; ++c) sum = _mm512_add_ps(sum, chains[c]);
  return _mm512_cvtss_f32(sum);
}

__attribute__((target("avx2,fma"))) float round_avx2() {
  const __m256 factor = _mm256_set1_ps(0.999f), addend = _mm256_set1_ps(0.001f);
  __m256 chains[kChains];
  for (int c = 0; c < kChains; ++c) chains[c] = _mm256_set1_ps(1.0f + 0.1f * c);
  for (int s = 0; s < kSteps; ++s) {
#pragma GCC unroll 12
    for (int c = 0; c < kChains; ++c) chains[c] = _mm256_fmadd_ps(chains[c], factor, addend);
  }
  __m256 sum = chains[0];
  for (int c = 1; c < kChains; ++c) sum = _mm256_add_ps(sum, chains[c]);
  return _mm256_cvtss_f32(sum);
}
#endif

float round_plain() {
  constexpr int kLanes = 4;
  float chains[kChains][kLanes];
  for (int c = 0; c < kChains; ++c) {
    for (int i = 0; i < kLanes; ++i) chains[c][i] = 1.0f + 0.1f * static_cast<float>(c);
  }
  for (int s = 0; s < kSteps; ++s) {
    for (int c = 0; c < kChains; ++c) {
      for (int i = 0; i < kLanes; ++i) chains[c][i] = chains[c][i] * 0.999f + 0.001f;
    }
  }
  float sum = 0;
  for (int c = 0; c < kChains; ++c) sum += chains[c][c % kLanes];
  return sum;
}

Kernel widest_kernel() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return {round_avx512, 16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return {round_avx2, 8};
#endif
  return {round_plain, 4};
}

}  // namespace

double fma_peak_gflops(int threads, double seconds) {
  check(threads >= 1 && seconds > 0 && std::isfinite(seconds), ErrorCode::kUsage,
        "the multiply-add peak needs at least 1 thread and a positive time, got ", threads,
        " threads and ", seconds, " s");
  const Kernel kernel = widest_kernel();
  using Clock = std::chrono::steady_clock;
  double rate = 0;
#pragma omp parallel num_threads(threads) reduction(+ : rate)
  {
    volatile float sink = kernel.round();  // wakes the vector units
#pragma omp barrier
    const auto start = Clock::now();
    double elapsed = 0, rounds = 0;
    while (elapsed < seconds) {
      for (int i = 0; i < 10; ++i) sink = kernel.round();
      rounds += 10;
      elapsed = std::chrono::duration<double>(Clock::now() - start).count();
    }
    static_cast<void>(sink);
    rate = rounds * kSteps * kChains * kernel.lanes * 2 / elapsed;
  }
  return rate / 1e9;
}

}  // namespace beholder::nn::kernels
