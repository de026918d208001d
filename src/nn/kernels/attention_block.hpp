// Attention of a block of queries to all keys of one head, with wide vectors.
#pragma once

#include <cstdint>

namespace beholder::nn::kernels {

/// Queries that `attend_block` takes at once.
constexpr std::int64_t kAttentionBlock = 48;

/// One head's rows in memory; `stride` and `y_stride` are floats from one row to the next.
struct AttentionHead {
  const float *q, *k, *v;  ///< (T, d), (N, d), (N, d)
  float* y;                ///< (T, d)
  std::int64_t size = 0;   ///< d
  std::int64_t stride = 0, y_stride = 0;
  float scale = 1;
};

/// Whether `attend_block` runs on this machine (AVX-512) and takes heads of this size.
bool can_attend_block(std::int64_t head_size);

/// Floats of scratch memory that a call needs, 64-byte aligned.
std::int64_t attend_block_scratch(std::int64_t head_size);

/// softmax(scale q kᵀ) v for the queries `first` to `last`, at most kAttentionBlock of them; query
/// t sees the first `visible[t - first]` keys, 1 or more. The scores of a few keys at a time are
/// kept, with a running maximum and sum (Milakov & Gimelshein 2018; Dao et al. 2022).
void attend_block(const AttentionHead& head, std::int64_t first, std::int64_t last,
                  const std::int64_t* visible, float* scratch);

}  // namespace beholder::nn::kernels
