// From logits of several views of one thing to the logarithm of their mean probability.
#pragma once

#include <cstdint>

namespace beholder::nn::kernels {

/// out[g][v] = log(mean over w of softmax(logits[w][g])[v]); for views after the first, the entries
/// `left` and `right` of the vocabulary change places first (-1: none do). Probabilities below
/// 1e-37 count as that.
/// @param logits (W, G, V) contiguous  @param out (G, V), may not overlap
void mean_log_softmax(const float* logits, std::int64_t views, std::int64_t rows,
                      std::int64_t vocabulary, std::int64_t left, std::int64_t right, float* out);

}  // namespace beholder::nn::kernels
