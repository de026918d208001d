// The machine's peak rate of fused multiply-adds, the yardstick for the kernels.
#pragma once

namespace beholder::nn::kernels {

/// GF/s (10^9 floating-point operations a second, two a multiply-add) that `threads` threads reach
/// together on register-only fp32 multiply-adds of the widest vectors that the machine has
/// (AVX-512, AVX2 with FMA, or what the compiler makes of plain code). Takes about `seconds`.
/// Throws kUsage unless `threads` is at least 1 and `seconds` is positive and finite.
double fma_peak_gflops(int threads, double seconds);

}  // namespace beholder::nn::kernels
