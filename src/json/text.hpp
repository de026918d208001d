// JSON text of what need not be UTF-8: names of files above all.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace beholder {

/// Keys keep the order in which they were put.
using Json = nlohmann::ordered_json;

/// JSON text on one line; bytes that are not UTF-8 become U+FFFD.
std::string dumped(const Json& json);

/// `text` where it is UTF-8; otherwise with U+FFFD, for reading alone.
std::string printable(const std::string& text);

/// Puts `key` and, where the name is not UTF-8, `key` + "_bytes" (hexadecimal) into `object`.
void put_name(Json& object, const std::string& name, const std::string& key = "image");

/// The reverse of `put_name`.
std::string get_name(const Json& object, const std::string& key = "image");

}  // namespace beholder
