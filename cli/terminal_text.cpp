#include "terminal_text.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace beholder::cli {
namespace {

std::string spelled(const char* form, unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

/// One character of UTF-8 and its length in bytes; a length of 0: none stands there.
struct Character {
  std::uint32_t code = 0;
  std::size_t length = 0;
};

/// By the table of well-formed sequences (The Unicode Standard, D92).
Character character_at(const std::string& text, std::size_t place) {
  const auto byte = [&](std::size_t k) {
    return place + k < text.size() ? static_cast<unsigned char>(text[place + k]) : 0u;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                             : first >= 0xE0 && first <= 0xEF ? 3
                             : first >= 0xF0 && first <= 0xF4 ? 4
                                                              : 0;
  if (length == 0) return {};
  std::uint32_t code = first & (0xFFu >> (length + 1));
  for (std::size_t k = 1; k < length; ++k) {
    if ((byte(k) & 0xC0) != 0x80) return {};
    code = code << 6 | (byte(k) & 0x3F);
  }
  const std::uint32_t least = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000;
  if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
  return {code, length};
}

/// C1 controls, line and paragraph separators, and the marks of UAX #9 that reorder what is read.
bool deceives(std::uint32_t code) {
  return (code >= 0x80 && code <= 0x9F) || code == 0x061C || code == 0x200E || code == 0x200F ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

}  // namespace

std::string escaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const Character found = character_at(text, i);
    if (found.length == 0) {
      out += spelled("\\x%02x", static_cast<unsigned char>(text[i++]));
      continue;
    }
    if (found.code == '\n')
      out += "\\n";
    else if (found.code < 0x20 || found.code == 0x7F)
      out += spelled("\\x%02x", found.code);
    else if (deceives(found.code))
      out += spelled("\\u%04x", found.code);
    else
      out.append(text, i, found.length);
    i += found.length;
  }
  return out;
}

std::string shown(const std::string& text, std::FILE* out) {
  return ::isatty(::fileno(out)) != 0 ? escaped(text) : text;
}

void complain(const std::string& message) {
  std::fprintf(stderr, "beholder: %s\n", escaped(message).c_str());
}

}  // namespace beholder::cli
