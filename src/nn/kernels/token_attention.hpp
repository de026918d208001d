// Self-attention of a decoder's new tokens over those written before, each where it was written.
#pragma once

#include <cstdint>

namespace beholder::nn::kernels {

/// Rows of keys, or of values, that lie in one block of memory.
constexpr std::int64_t kTokenBlock = 256;

/// Where the keys and values of the tokens lie that each row goes on from.
struct WrittenTokens {
  std::int64_t count = 0;                ///< tokens a row, t
  const float* const* keys = nullptr;    ///< blocks of kTokenBlock rows of `heads * head_size`
  const float* const* values = nullptr;  ///< the same
  const std::int64_t* places = nullptr;  ///< (rows, t): p is row p % kTokenBlock of block p / it
};

/// `softmax(scale q K^T) V` of one query a row and head: `q`, `y` (rows, heads * head_size). A
/// row's result does not depend, to the bit, on the rows around it. Runs on `omp_get_max_threads()`
/// threads. Throws kUsage on sizes that are not positive or null arrays.
void token_attention(const float* q, std::int64_t rows, std::int64_t heads, std::int64_t head_size,
                     const WrittenTokens& tokens, float scale, float* y);

}  // namespace beholder::nn::kernels
