#include "nn/kernels/log_softmax.hpp"

#include <utility>
#include <vector>

#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {
namespace {

/// out = e^(x - the largest x) @return its sum
BEHOLDER_CLONES float shifted_exponentials(const float* x, std::int64_t size, float* out) {
  return exponentials(x, size, highest_of(x, size), out);
}

BEHOLDER_CLONES void scale(float* x, std::int64_t size, float factor) {
  for (std::int64_t i = 0; i < size; ++i) x[i] *= factor;
}

BEHOLDER_CLONES void add_scaled(const float* x, std::int64_t size, float factor, float* out) {
  for (std::int64_t i = 0; i < size; ++i) out[i] += factor * x[i];
}

BEHOLDER_CLONES void take_log(float* x, std::int64_t size) {
  for (std::int64_t i = 0; i < size; ++i) x[i] = fast_log(x[i] < 1e-37f ? 1e-37f : x[i]);
}

}  // namespace

void mean_log_softmax(const float* logits, std::int64_t views, std::int64_t rows,
                      std::int64_t vocabulary, std::int64_t left, std::int64_t right, float* out) {
#pragma omp parallel if (rows > 8)
  {
    std::vector<float> other(views > 1 ? static_cast<std::size_t>(vocabulary) : 0);
#pragma omp for
    for (std::int64_t g = 0; g < rows; ++g) {
      float* const row = out + g * vocabulary;
      for (std::int64_t w = 0; w < views; ++w) {
        const float* const x = logits + (w * rows + g) * vocabulary;
        float* const values = w == 0 ? row : other.data();
        const float sum = shifted_exponentials(x, vocabulary, values);
        const float factor = 1 / (static_cast<float>(views) * sum);
        if (w == 0) {
          scale(row, vocabulary, factor);
          continue;
        }
        // What is left in the picture is right in its mirror image.
        if (left >= 0 && right >= 0) std::swap(values[left], values[right]);
        add_scaled(values, vocabulary, factor, row);
      }
      take_log(row, vocabulary);
    }
  }
}

}  // namespace beholder::nn::kernels
