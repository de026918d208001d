#include "nn/kernels/attention_block.hpp"

#include <algorithm>

#include "core/check.hpp"

#if defined(__x86_64__) && defined(__GNUC__)

// A lane is a query, so that maxima and sums over the keys need no work across lanes; keys and
// values are read where they lie, a number at a time for all lanes.
#define BEHOLDER_WIDE \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,fma,prefer-vector-width=512")))

namespace beholder::nn::kernels {
namespace {

constexpr int kLanes = 16, kMostVectors = 3;
// Keys at once: their scores, the queries and the sums so far share the first-level cache.
constexpr std::int64_t kKeys = 64;
constexpr int kTile = 8;       // rows whose sums are in registers, of two or three vectors each
constexpr int kTallTile = 16;  // the same, of one vector

using Vector = float __attribute__((vector_size(64), aligned(64)));
using Integers = std::int32_t __attribute__((vector_size(64), aligned(64)));

BEHOLDER_WIDE inline void exponentials(Vector& x) {  // fast_exp of vector_math.hpp, 16 at once
  const Vector low = x - x - 87.0f;
  x = x < low ? low : x;
  const Vector shifted = x * 1.44269504f + 12582912.0f;
  const Vector n = shifted - 12582912.0f;
  Vector r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  Vector p = r * (1.0f / 5040) + 1.0f / 720;
  p = p * r + 1.0f / 120;
  p = p * r + 1.0f / 24;
  p = p * r + 1.0f / 6;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  const Integers exponent = ((Integers)shifted - 0x4b400000 + 127) << 23;
  x = p * (Vector)exponent;
}

/// out[i] = a[i] · b for `rows` rows of a, each number of a row times a row of b (depth, N lanes).
template <int rows, int N>
BEHOLDER_WIDE inline void products(const float* a, std::int64_t a_row, std::int64_t a_step,
                                   const Vector* b, std::int64_t depth, Vector* sums) {
  Vector total[rows][N] = {};
  for (std::int64_t c = 0; c < depth; ++c) {
    Vector right[N];
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) right[n] = b[c * N + n];
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i) {
      const float left = a[i * a_row + c * a_step];
#pragma GCC unroll 4
      for (int n = 0; n < N; ++n) total[i][n] += left * right[n];
    }
  }
#pragma GCC unroll 16
  for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
    for (int n = 0; n < N; ++n) sums[i * N + n] = total[i][n];
}

template <int N>
struct State {
  Vector highest[N], sum[N];
};

/// Scores of `keys` keys from `begin` on become weights; sums so far are scaled to the new maximum.
template <int N>
BEHOLDER_WIDE inline void weigh(Vector* scores, std::int64_t begin, std::int64_t keys,
                                const std::int64_t* visible, std::int64_t queries,
                                std::int64_t fewest, State<N>& state, Vector* mixed,
                                std::int64_t size) {
  if (begin + keys > fewest) {  // some query does not see all of them
    auto* const numbers = reinterpret_cast<float*>(scores);
    for (std::int64_t t = 0; t < queries; ++t)
      for (std::int64_t j = std::max<std::int64_t>(visible[t] - begin, 0); j < keys; ++j)
        numbers[j * N * kLanes + t] = -1e30f;
  }
  for (int n = 0; n < N; ++n) {
    Vector highest = state.highest[n];
    for (std::int64_t j = 0; j < keys; ++j) {
      const Vector& score = scores[j * N + n];
      highest = score > highest ? score : highest;
    }
    Vector factor = state.highest[n] - highest;
    exponentials(factor);
    state.highest[n] = highest;
    Vector sum = state.sum[n] * factor;
    for (std::int64_t j = 0; j < keys; ++j) {
      Vector weight = scores[j * N + n] - highest;
      exponentials(weight);
      scores[j * N + n] = weight;
      sum += weight;
    }
    state.sum[n] = sum;
    for (std::int64_t c = 0; c < size; ++c) mixed[c * N + n] *= factor;
  }
}

/// mixed += the values' columns from `v` on, weighted. @param v (keys, rows), rows `stride` apart
template <int rows, int N>
BEHOLDER_WIDE inline void mix(const float* v, std::int64_t stride, const Vector* weights,
                              std::int64_t keys, Vector* mixed) {
  Vector sums[rows * N];
  products<rows, N>(v, 1, stride, weights, keys, sums);
  for (int i = 0; i < rows * N; ++i) mixed[i] += sums[i];
}

template <int N>
BEHOLDER_WIDE void attend(const AttentionHead& head, std::int64_t first, std::int64_t queries,
                          const std::int64_t* visible, float* scratch) {
  const std::int64_t size = head.size;
  auto* const turned = reinterpret_cast<Vector*>(scratch);  // (d, N) queries, a lane each
  Vector* const scores = turned + size * N;                 // (keys, N)
  Vector* const mixed = scores + kKeys * N;                 // (d, N) weighted values so far
  auto* const turned_numbers = reinterpret_cast<float*>(turned);
  for (std::int64_t t = 0; t < N * kLanes; ++t) {
    // Lanes without a query repeat the last one.
    const float* const row = head.q + (first + std::min(t, queries - 1)) * head.stride;
    for (std::int64_t c = 0; c < size; ++c)
      turned_numbers[c * N * kLanes + t] = row[c] * head.scale;
  }
  std::fill_n(reinterpret_cast<float*>(mixed), size * N * kLanes, 0.0f);
  State<N> state;
  for (int n = 0; n < N; ++n) {
    state.sum[n] = Vector{};
    state.highest[n] = state.sum[n] - 1e30f;
  }
  const std::int64_t most = *std::max_element(visible, visible + queries);
  const std::int64_t fewest = *std::min_element(visible, visible + queries);
  for (std::int64_t begin = 0; begin < most; begin += kKeys) {
    const std::int64_t keys = std::min(kKeys, most - begin);
    const float* const k = head.k + begin * head.stride;
    const float* const v = head.v + begin * head.stride;
    std::int64_t j = 0;
    if constexpr (N == 1)
      for (; j + kTallTile <= keys; j += kTallTile)
        products<kTallTile, N>(k + j * head.stride, head.stride, 1, turned, size, scores + j);
    for (; j + kTile <= keys; j += kTile)
      products<kTile, N>(k + j * head.stride, head.stride, 1, turned, size, scores + j * N);
    for (; j < keys; ++j)
      products<1, N>(k + j * head.stride, head.stride, 1, turned, size, scores + j * N);
    weigh<N>(scores, begin, keys, visible, queries, fewest, state, mixed, size);
    std::int64_t c = 0;
    if constexpr (N == 1)
      for (; c + kTallTile <= size; c += kTallTile)
        mix<kTallTile, N>(v + c, head.stride, scores, keys, mixed + c);
    for (; c < size; c += kTile) mix<kTile, N>(v + c, head.stride, scores, keys, mixed + c * N);
  }
  const auto* const numbers = reinterpret_cast<const float*>(mixed);
  for (std::int64_t t = 0; t < queries; ++t) {
    const float inverse = 1.0f / reinterpret_cast<const float*>(state.sum)[t];
    float* const y = head.y + (first + t) * head.y_stride;
    for (std::int64_t c = 0; c < size; ++c) y[c] = numbers[c * N * kLanes + t] * inverse;
  }
}

}  // namespace

bool can_attend_block(std::int64_t head_size) {
  static const bool wide =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  return wide && head_size % kTile == 0;
}

std::int64_t attend_block_scratch(std::int64_t head_size) {
  return (2 * head_size + kKeys) * kMostVectors * kLanes;
}

void attend_block(const AttentionHead& head, std::int64_t first, std::int64_t last,
                  const std::int64_t* visible, float* scratch) {
  const std::int64_t queries = last - first;
  if (queries > 2 * kLanes)
    attend<3>(head, first, queries, visible, scratch);
  else if (queries > kLanes)
    attend<2>(head, first, queries, visible, scratch);
  else
    attend<1>(head, first, queries, visible, scratch);
}

}  // namespace beholder::nn::kernels

#else

namespace beholder::nn::kernels {

bool can_attend_block(std::int64_t) { return false; }
std::int64_t attend_block_scratch(std::int64_t) { return 0; }
void attend_block(const AttentionHead&, std::int64_t, std::int64_t, const std::int64_t*, float*) {
  fail(ErrorCode::kInternal, "attend_block: this machine has no kernel for it");
}

}  // namespace beholder::nn::kernels

#endif
