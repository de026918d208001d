// The JSON header of a safetensors file, as written; safetensors.cpp checks it against the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "io/safetensors.hpp"

namespace beholder::io {

/// One tensor's row of the header.
struct HeaderEntry {
  DType dtype = DType::kF32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;  ///< bytes from the end of the header
  std::uint64_t end = 0;
};

struct Header {
  std::map<std::string, HeaderEntry> tensors;
  std::map<std::string, std::string> metadata;
};

/// Reads the header's structure: known dtypes, shapes and offsets that are whole and not
/// negative, no key twice, nothing unknown. `file` names it in messages.
/// @throws Error kModelFormat
Header parse_header(std::string_view text, const std::string& file);

}  // namespace beholder::io
