#include "nn/kernels/token_attention.hpp"

#include <omp.h>

#include <cstddef>

#include "nn/kernels/onednn.hpp"
#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {
namespace {

// Below this many multiplications waking the other threads costs more than it gains.
constexpr std::int64_t kWorthThreads = 100000;

BEHOLDER_INLINE const float* row_of(const float* const* blocks, std::int64_t place,
                                    std::int64_t width) {
  return blocks[place / kTokenBlock] + place % kTokenBlock * width;
}

/// All heads of one row. `fixed` is the head size where it is known, else 0. @param scores (t,
/// heads)
template <int fixed>
BEHOLDER_INLINE void attend(const float* q, std::int64_t heads, std::int64_t head_size,
                            const WrittenTokens& tokens, const std::int64_t* places, float scale,
                            float* __restrict scores, float* __restrict y) {
  const std::int64_t size = fixed > 0 ? fixed : head_size, width = heads * size;
  for (std::int64_t t = 0; t < tokens.count; ++t) {
    const float* const key = row_of(tokens.keys, places[t], width);
    for (std::int64_t h = 0; h < heads; ++h) {
      float sum = 0;
#pragma omp simd reduction(+ : sum)
      for (std::int64_t c = 0; c < size; ++c) sum += q[h * size + c] * key[h * size + c];
      scores[t * heads + h] = scale * sum;
    }
  }
  for (std::int64_t h = 0; h < heads; ++h) {
    float highest = scores[h];
    for (std::int64_t t = 1; t < tokens.count; ++t)
      highest = scores[t * heads + h] > highest ? scores[t * heads + h] : highest;
    for (std::int64_t t = 0; t < tokens.count; ++t) scores[t * heads + h] -= highest;
  }
  for (std::int64_t i = 0; i < tokens.count * heads; ++i) scores[i] = fast_exp(scores[i]);
  for (std::int64_t h = 0; h < heads; ++h) {
    float sum = 0;
    for (std::int64_t t = 0; t < tokens.count; ++t) sum += scores[t * heads + h];
    const float inverse = 1.0f / sum;
    for (std::int64_t t = 0; t < tokens.count; ++t) scores[t * heads + h] *= inverse;
  }
  for (std::int64_t i = 0; i < width; ++i) y[i] = 0;
  for (std::int64_t t = 0; t < tokens.count; ++t) {
    const float* const value = row_of(tokens.values, places[t], width);
    for (std::int64_t h = 0; h < heads; ++h) {
      const float weight = scores[t * heads + h];
      for (std::int64_t c = 0; c < size; ++c) y[h * size + c] += weight * value[h * size + c];
    }
  }
}

BEHOLDER_CLONES void attend_row(const float* q, std::int64_t heads, std::int64_t head_size,
                                const WrittenTokens& tokens, const std::int64_t* places,
                                float scale, float* scores, float* y) {
  if (head_size == 32)
    attend<32>(q, heads, head_size, tokens, places, scale, scores, y);
  else if (head_size == 64)
    attend<64>(q, heads, head_size, tokens, places, scale, scores, y);
  else
    attend<0>(q, heads, head_size, tokens, places, scale, scores, y);
}

}  // namespace

void token_attention(const float* q, std::int64_t rows, std::int64_t heads, std::int64_t head_size,
                     const WrittenTokens& tokens, float scale, float* y) {
  check(rows > 0 && heads > 0 && head_size > 0 && tokens.count > 0, ErrorCode::kUsage,
        "an attention to written tokens got rows ", rows, ", heads ", heads, ", head size ",
        head_size, ", tokens ", tokens.count, "; all must be positive");
  check(q != nullptr && y != nullptr && tokens.keys != nullptr && tokens.values != nullptr &&
            tokens.places != nullptr,
        ErrorCode::kUsage, "an attention to written tokens got a null array");
  const std::int64_t width = heads * head_size;
  const bool worth = 2 * rows * tokens.count * width >= kWorthThreads;
  const int threads = worth ? static_cast<int>(std::min<std::int64_t>(max_threads(), rows)) : 1;
  // Rounded to 64 bytes so that no two threads share a cache line.
  const std::int64_t share = (tokens.count * heads + 15) / 16 * 16;
  auto* const scores = static_cast<float*>(thread_scratch(
      Scratch::kAttention, static_cast<std::size_t>(share * threads) * sizeof(float)));
#pragma omp parallel for schedule(static) num_threads(threads) if (threads > 1)
  for (std::int64_t row = 0; row < rows; ++row)
    attend_row(q + row * width, heads, head_size, tokens, tokens.places + row * tokens.count, scale,
               scores + (threads > 1 ? omp_get_thread_num() : 0) * share, y + row * width);
}

}  // namespace beholder::nn::kernels
