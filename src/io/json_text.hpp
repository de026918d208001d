// What the readers of JSON in this folder share: strict parsing and safe quotation.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "beholder/error.hpp"

namespace beholder::io {

/// Parses one JSON value that fills `text`. `name` stands for the file in messages.
/// @throws Error `code`: not JSON or not UTF-8 (with the byte's position), a key twice in one
/// object, arrays and objects nested deeper than `max_depth`.
nlohmann::json parse_json(std::string_view text, const std::string& name, ErrorCode code,
                          std::size_t max_depth);

/// The parser takes a NUL byte for the end of its input, behind which anything could hide.
/// @throws Error `code` when `text` holds one.
void check_no_nul(std::string_view text, const std::string& name, ErrorCode code);

/// Untrusted text for a message: in single quotes, control characters as '\xNN', at most 200
/// bytes of it.
std::string in_quotes(std::string_view text);

/// Whether `text` is valid UTF-8 without overlong forms or surrogates.
bool is_utf8(std::string_view text);

/// The library's parse error as one message: position and cause, without its own prefix.
std::string json_cause(const nlohmann::json::exception& error);

}  // namespace beholder::io
