#include "nn/kernels/attention.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "nn/kernels/attention_block.hpp"
#include "nn/kernels/onednn.hpp"
#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {

namespace {

// Up to this many queries the keys are read row by row; above, matrix products pay. Where a block
// of queries has a kernel of its own, that pays from the second one on, unless there is next to no
// key.
constexpr std::int64_t kFewQueries = 5;
constexpr std::int64_t kFewScores = 64;
// Queries handled at once: their scores stay in the second-level cache.
constexpr std::int64_t kQueryBlock = 64;
// Below this many multiplications waking the other threads costs more than it gains.
constexpr std::int64_t kWorthThreads = 100000;

using Head = AttentionHead;

/// Turns `count` scores into weights that sum to 1; the rest of the row, up to `width`, becomes 0.
BEHOLDER_CLONES void softmax_row(float* scores, std::int64_t count, std::int64_t width) {
  const float inverse = 1.0f / exponentials(scores, count, highest_of(scores, count), scores);
  for (std::int64_t i = 0; i < count; ++i) scores[i] *= inverse;
  for (std::int64_t i = count; i < width; ++i) scores[i] = 0;
}

/// scores[i] = scale q . k[i] for `count` keys
BEHOLDER_CLONES void score_row(const float* q, const float* k, std::int64_t count,
                               std::int64_t size, std::int64_t stride, float scale, float* scores) {
  for (std::int64_t i = 0; i < count; ++i) {
    const float* const key = k + i * stride;
    float sum = 0;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t c = 0; c < size; ++c) sum += q[c] * key[c];
    scores[i] = scale * sum;
  }
}

/// y = sum of weights[i] v[i] over `count` keys, four at a time
BEHOLDER_CLONES void mix_row(const float* weights, const float* v, std::int64_t count,
                             std::int64_t size, std::int64_t stride, float* __restrict y) {
  for (std::int64_t c = 0; c < size; ++c) y[c] = 0;
  std::int64_t i = 0;
  for (; i + 4 <= count; i += 4) {
    const float *const v0 = v + i * stride, *const v1 = v0 + stride, *const v2 = v1 + stride,
                       *const v3 = v2 + stride;
    const float w0 = weights[i], w1 = weights[i + 1], w2 = weights[i + 2], w3 = weights[i + 3];
    for (std::int64_t c = 0; c < size; ++c) {
      y[c] += (w0 * v0[c] + w1 * v1[c]) + (w2 * v2[c] + w3 * v3[c]);
    }
  }
  for (; i < count; ++i) {
    for (std::int64_t c = 0; c < size; ++c) y[c] += weights[i] * v[i * stride + c];
  }
}

/// Queries `first` to `last` of one head; query t sees `visible(t)` keys, never fewer than t - 1.
template <typename Visible>
bool attend(const Head& head, std::int64_t first, std::int64_t last, const Visible& visible,
            bool few, float* scores) {
  const std::int64_t width = visible(last - 1);
  const auto clear = [&](std::int64_t t) {
    std::fill_n(head.y + t * head.y_stride, head.size, 0.0f);
  };
  if (few || width == 0) {
    for (std::int64_t t = first; t < last; ++t) {
      const std::int64_t count = visible(t);
      if (count == 0) {
        clear(t);
        continue;
      }
      score_row(head.q + t * head.stride, head.k, count, head.size, head.stride, head.scale,
                scores);
      softmax_row(scores, count, count);
      mix_row(scores, head.v, count, head.size, head.stride, head.y + t * head.y_stride);
    }
    return true;
  }
  const std::int64_t rows = last - first;
  if (can_attend_block(head.size) && visible(first) > 0) {
    std::int64_t counts[kAttentionBlock];
    for (std::int64_t t = first; t < last; ++t) counts[t - first] = visible(t);
    attend_block(head, first, last, counts, scores);
    return true;
  }
  if (dnnl_sgemm('N', 'T', rows, width, head.size, head.scale, head.q + first * head.stride,
                 head.stride, head.k, head.stride, 0.0f, scores, width) != dnnl_success) {
    return false;
  }
  for (std::int64_t t = first; t < last; ++t) {
    float* const row = scores + (t - first) * width;
    const std::int64_t count = visible(t);
    if (count == 0) {
      std::fill_n(row, width, 0.0f);
    } else {
      softmax_row(row, count, width);
    }
  }
  return dnnl_sgemm('N', 'N', rows, head.size, width, 1.0f, scores, width, head.v, head.stride,
                    0.0f, head.y + first * head.y_stride, head.y_stride) == dnnl_success;
}

}  // namespace

void attention(const float* q, const float* k, const float* v, std::int64_t batch,
               std::int64_t heads, std::int64_t queries, std::int64_t keys, std::int64_t head_size,
               float* y, const AttentionOptions& options) {
  check(batch >= 0 && heads > 0 && queries >= 0 && keys >= 0 && head_size > 0, ErrorCode::kUsage,
        "an attention got batch ", batch, ", heads ", heads, ", queries ", queries, ", keys ", keys,
        ", head size ", head_size, "; sizes must not be negative, heads and head size positive");
  const std::int64_t joint = options.token_stride;
  check(joint == 0 || joint >= heads * head_size, ErrorCode::kUsage,
        "an attention got a token stride of ", joint, " for ", heads, " heads of ", head_size,
        "; it must be 0, or hold all heads");
  if (batch == 0 || queries == 0) return;
  check(q != nullptr && y != nullptr && (keys == 0 || (k != nullptr && v != nullptr)),
        ErrorCode::kUsage, "an attention got a null array");

  const bool block_kernel = can_attend_block(head_size);
  const bool few =
      block_kernel ? queries == 1 || queries * keys <= kFewScores : queries <= kFewQueries;
  const bool wide = !few && block_kernel;
  const std::int64_t block =
      few ? queries : std::min(queries, wide ? kAttentionBlock : kQueryBlock);
  const std::int64_t blocks = (queries + block - 1) / block;
  const std::int64_t tasks = batch * heads * blocks;
  const bool worth = batch * heads * queries * keys * head_size * 2 >= kWorthThreads;
  const int threads = worth ? static_cast<int>(std::min<std::int64_t>(max_threads(), tasks)) : 1;
  // Rounded to 64 bytes so that no two threads share a cache line.
  const std::int64_t share =
      std::max(((few ? 1 : block) * std::max<std::int64_t>(keys, 1) + 15) / 16 * 16,
               wide ? attend_block_scratch(head_size) : 0);
  auto* const scores = static_cast<float*>(thread_scratch(
      Scratch::kAttention, static_cast<std::size_t>(share * threads) * sizeof(float)));
  const float scale = 1.0f / std::sqrt(static_cast<float>(head_size));
  std::atomic<bool> failed{false};

#pragma omp parallel for schedule(dynamic) num_threads(threads) if (threads > 1)
  for (std::int64_t task = 0; task < tasks; ++task) {
    const std::int64_t index = task / blocks, b = index / heads, h = index % heads;
    const std::int64_t first = task % blocks * block, last = std::min(first + block, queries);
    const auto visible = [&](std::int64_t t) {
      return options.causal ? std::clamp<std::int64_t>(keys - queries + t + 1, 0, keys) : keys;
    };
    const std::int64_t query_start =
        joint == 0 ? index * queries * head_size : b * queries * joint + h * head_size;
    const std::int64_t key_start =
        joint == 0 ? index * keys * head_size : b * keys * joint + h * head_size;
    const Head head{q + query_start,
                    k == nullptr ? nullptr : k + key_start,
                    v == nullptr ? nullptr : v + key_start,
                    y + (b * queries * heads + h) * head_size,
                    head_size,
                    joint == 0 ? head_size : joint,
                    heads * head_size,
                    scale};
    float* const own = scores + (threads > 1 ? omp_get_thread_num() : 0) * share;
    if (!attend(head, first, last, visible, few, own)) failed = true;
  }
  check(!failed, ErrorCode::kInternal, "oneDNN refused a matrix product of an attention");
}

}  // namespace beholder::nn::kernels
