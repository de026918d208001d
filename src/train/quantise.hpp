// From float weights to the int8 form of stored models.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/safetensors.hpp"

namespace beholder::train {

/// A matrix with many rows and columns; position tables and convolutions stay in floating point.
bool becomes_int8(const std::string& name, const io::TensorView& view);

/// Adds `values` (rows, width) quantised symmetrically with one scale a row, and the scales under
/// nn::scale_name: value ~ integer * scale, |integer| <= 127.
void add_int8(io::SafetensorsWriter& writer, const std::string& name,
              const std::vector<std::int64_t>& shape, const float* values);

}  // namespace beholder::train
