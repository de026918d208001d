// Scaled dot-product attention for inference (Vaswani et al. 2017, section 3.2.1).
#pragma once

#include <cstdint>

namespace beholder::nn::kernels {

/// What an attention may see, and how its keys lie in memory.
struct AttentionOptions {
  /// Query t of T sees the keys up to N - T + t, so that the last query sees all: right both for a
  /// whole sequence (T == N) and for new tokens behind a key-value cache.
  bool causal = false;
  /// Floats from one token to the next in `q`, `k` and `v`, which are then (B, T, …) with the heads
  /// side by side in a token, as a joint projection leaves them; 0: (B, H, T, d).
  std::int64_t token_stride = 0;
};

/// `softmax(q k^T / sqrt(d)) v`: `q` (B, H, T, d), `k` and `v` (B, H, N, d) -> `y` (B, T, H d). A
/// query that may see no key gets zeros. `y` may not overlap the inputs. Runs on
/// `omp_get_max_threads()` threads and may be called from many threads at once. Throws kUsage on
/// negative sizes, a `d` or `heads` of 0, a token stride that is not 0 and below H d, or null
/// pointers.
void attention(const float* q, const float* k, const float* v, std::int64_t batch,
               std::int64_t heads, std::int64_t queries, std::int64_t keys, std::int64_t head_size,
               float* y, const AttentionOptions& options = {});

}  // namespace beholder::nn::kernels
