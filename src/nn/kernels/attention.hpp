// Scaled dot-product attention for inference (Vaswani et al. 2017, section 3.2.1).
#pragma once

#include <cstdint>

namespace beholder::nn::kernels {

/// What an attention may see, and how its keys lie in memory.
struct AttentionOptions {
  /// Valid keys of each batch item (B), 0 to N, or null for N everywhere.
  const std::int64_t* key_lengths = nullptr;
  /// Query t of T sees the keys up to N - T + t, so that the last query sees all: right both for a
  /// whole sequence (T == N) and for new tokens behind a key-value cache.
  bool causal = false;
  /// Factor of the scores; 0 stands for 1 / sqrt(d).
  float scale = 0.0f;
  /// Keys that there is room for in each head of `k` and `v`, of which the first N are used; 0
  /// stands for N. For caches that grow in place.
  std::int64_t key_capacity = 0;
  /// Floats from one token to the next in `q`, `k` and `v`, which are then (B, T, …) with the heads
  /// side by side in a token, as a joint projection leaves them; 0: (B, H, T, d).
  std::int64_t token_stride = 0;
};

/// `softmax(scale q k^T) v`: `q` (B, H, T, d), `k` and `v` (B, H, N, d) -> `y` (B, T, H d). A query
/// that may see no key gets zeros. `y` may not overlap the inputs. Runs on `omp_get_max_threads()`
/// threads and may be called from many threads at once. Throws kUsage on negative sizes, a `d` or
/// `heads` of 0, lengths outside 0 to N, a capacity below N, a token stride that is not 0 and below
/// H d or that comes with a capacity, or null pointers.
void attention(const float* q, const float* k, const float* v, std::int64_t batch,
               std::int64_t heads, std::int64_t queries, std::int64_t keys, std::int64_t head_size,
               float* y, const AttentionOptions& options = {});

}  // namespace beholder::nn::kernels
