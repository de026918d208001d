#include "io/json_text.hpp"

#include <set>
#include <vector>

#include "core/check.hpp"

namespace beholder::io {

using nlohmann::json;

json parse_json(std::string_view text, const std::string& name, ErrorCode code,
                std::size_t max_depth) {
  check_no_nul(text, name, code);
  std::vector<std::set<std::string>> open_objects;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    switch (event) {
      case json::parse_event_t::object_start:
      case json::parse_event_t::array_start:
        // `depth` counts the containers around this one.
        check(static_cast<std::size_t>(depth) < max_depth, code, name, ": nested deeper than ",
              max_depth, " levels; expected plain configuration");
        if (event == json::parse_event_t::object_start) open_objects.emplace_back();
        break;
      case json::parse_event_t::object_end: open_objects.pop_back(); break;
      case json::parse_event_t::key: {
        const auto& key = value.get_ref<const std::string&>();
        check(open_objects.back().insert(key).second, code, name, ": key ", in_quotes(key),
              " appears twice in one object; remove one");
        break;
      }
      default: break;
    }
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), watch);
  } catch (const json::exception& error) {
    fail(code, name, ": not valid JSON: ", json_cause(error));
  }
}

void check_no_nul(std::string_view text, const std::string& name, ErrorCode code) {
  const std::size_t at = text.find('\0');
  check(at == std::string_view::npos, code, name, ": not valid JSON: a NUL byte at position ", at);
}

std::string in_quotes(std::string_view text) {
  constexpr std::size_t kLongest = 200;
  constexpr char kDigits[] = "0123456789abcdef";
  std::string result = "'";
  for (const char c : text.substr(0, kLongest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      result += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else {
      result += c;
    }
  }
  if (text.size() > kLongest) {
    // Drop the pieces of a character that was cut through.
    while (result.size() > 1 && (static_cast<unsigned char>(result.back()) & 0xc0) == 0x80)
      result.pop_back();
    if (static_cast<unsigned char>(result.back()) >= 0xc0) result.pop_back();
    result += "…";
  }
  return result + "'";
}

bool is_utf8(std::string_view text) {
  // The library checks UTF-8 only while it writes or reads JSON, so let it write.
  try {
    json(text).dump();
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

std::string json_cause(const json::exception& error) {
  const std::string text = error.what();
  // "[json.exception.parse_error.101] parse error at line 1, …"
  const std::size_t end = text.find("] ");
  return end == std::string::npos ? text : text.substr(end + 2);
}

}  // namespace beholder::io
