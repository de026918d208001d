#include "convert/quantise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.hpp"
#include "nn/kernels/finite.hpp"
#include "nn/parameters.hpp"

namespace beholder::convert {

void check_weights(const std::string& name, const float* values, std::size_t count) {
  check(nn::kernels::all_finite(values, static_cast<std::int64_t>(count)), ErrorCode::kModelFormat,
        "tensor '", name,
        "' holds values that are not finite; weights like these are not stored: "
        "start from a sound checkpoint");
}

bool becomes_int8(const std::string& name, const io::TensorView& view) {
  return view.shape.size() == 2 && view.shape[0] >= 64 && view.shape[1] >= 64 &&
         name.find("position_embeddings") == std::string::npos;
}

void add_int8(io::SafetensorsWriter& writer, const std::string& name,
              const std::vector<std::int64_t>& shape, const float* values) {
  const std::int64_t rows = shape[0], width = shape[1];
  check_weights(name, values, static_cast<std::size_t>(rows * width));
  std::vector<std::int8_t> integers(static_cast<std::size_t>(rows * width));
  std::vector<float> scales(static_cast<std::size_t>(rows));
  for (std::int64_t r = 0; r < rows; ++r) {
    float largest = 0;
    for (std::int64_t i = 0; i < width; ++i)
      largest = std::max(largest, std::abs(values[r * width + i]));
    // A row too small for a normal scale is as good as zero.
    scales[r] = largest / 127 >= std::numeric_limits<float>::min() ? largest / 127 : 1;
    for (std::int64_t i = 0; i < width; ++i)
      integers[r * width + i] =
          static_cast<std::int8_t>(std::lround(values[r * width + i] / scales[r]));
  }
  writer.add_copy(name, io::DType::kI8, shape, integers.data(), integers.size());
  writer.add_copy(nn::scale_name(name), io::DType::kF32, {rows}, scales.data(), scales.size() * 4);
}

}  // namespace beholder::convert
