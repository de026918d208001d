#include "nn/kernels/log_softmax.hpp"

#include <utility>

#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {
namespace {

BEHOLDER_CLONES float highest_of(const float* x, std::int64_t size) {
  float highest = x[0];
#pragma omp simd reduction(max : highest)
  for (std::int64_t i = 0; i < size; ++i) highest = x[i] > highest ? x[i] : highest;
  return highest;
}

BEHOLDER_CLONES float sum_of_exp(const float* x, std::int64_t size, float highest) {
  float sum = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t i = 0; i < size; ++i) sum += fast_exp(x[i] - highest);
  return sum;
}

BEHOLDER_CLONES void add_exp(const float* x, std::int64_t size, float highest, float factor,
                             float* out) {
  for (std::int64_t i = 0; i < size; ++i) out[i] += factor * fast_exp(x[i] - highest);
}

BEHOLDER_CLONES void take_log(float* x, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) x[i] = fast_log(x[i] < 1e-37f ? 1e-37f : x[i]);
}

}  // namespace

void mean_log_softmax(const float* logits, std::int64_t views, std::int64_t rows,
                      std::int64_t vocabulary, std::int64_t left, std::int64_t right, float* out) {
#pragma omp parallel for if (rows > 8)
  for (std::int64_t g = 0; g < rows; ++g) {
    float* const row = out + g * vocabulary;
    for (std::int64_t i = 0; i < vocabulary; ++i) row[i] = 0;
    for (std::int64_t w = 0; w < views; ++w) {
      const float* const x = logits + (w * rows + g) * vocabulary;
      const float highest = highest_of(x, vocabulary);
      const float factor = 1 / (static_cast<float>(views) * sum_of_exp(x, vocabulary, highest));
      // What is left in the picture is right in its mirror image; changed back for the next view.
      const bool turned = w > 0 && left >= 0 && right >= 0;
      if (turned) std::swap(row[left], row[right]);
      add_exp(x, vocabulary, highest, factor, row);
      if (turned) std::swap(row[left], row[right]);
    }
    take_log(row, vocabulary);
  }
}

}  // namespace beholder::nn::kernels
