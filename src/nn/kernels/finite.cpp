#include "nn/kernels/finite.hpp"

#include "nn/kernels/vector_math.hpp"

namespace beholder::nn::kernels {
namespace {

constexpr std::int32_t kExponent = 0x7f800000;  // all ones: infinity or NaN

// Compared as integers, and without a branch, so that it vectorises.
BEHOLDER_CLONES bool finite_block(const float* values, std::int64_t count) {
  std::int32_t bad = 0;
  for (std::int64_t i = 0; i < count; ++i)
    bad |= static_cast<std::int32_t>((bits_of_float(values[i]) & kExponent) == kExponent);
  return bad == 0;
}

}  // namespace

bool all_finite(const float* values, std::int64_t count) {
  return count <= 0 || finite_block(values, count);
}

}  // namespace beholder::nn::kernels
