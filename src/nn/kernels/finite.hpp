// Whether floats are numbers.
#pragma once

#include <cstdint>

namespace beholder::nn::kernels {

/// Whether none of `count` values is NaN or infinite.
bool all_finite(const float* values, std::int64_t count);

}  // namespace beholder::nn::kernels
