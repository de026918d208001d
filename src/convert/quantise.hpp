// From float weights to the int8 form of stored models.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/safetensors.hpp"

namespace beholder::convert {

/// A matrix with many rows and columns; position tables and convolutions stay in floating point.
bool becomes_int8(const std::string& name, const io::TensorView& view);

/// @throws Error kModelFormat naming the tensor unless all its values are finite
void check_weights(const std::string& name, const float* values, std::size_t count);

/// Adds `values` (rows, width) quantised symmetrically with one scale a row, and the scales under
/// nn::scale_name: value ~ integer * scale, |integer| <= 127. @throws Error as `check_weights`
void add_int8(io::SafetensorsWriter& writer, const std::string& name,
              const std::vector<std::int64_t>& shape, const float* values);

}  // namespace beholder::convert
