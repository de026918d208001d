#include "text/text_normalizer.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "text/reference_unicode.hpp"

namespace beholder::text {
namespace {

constexpr std::int32_t kReplacement = 0xFFFD;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The code point at `*position`, which moves past it; -1 and one byte on a malformed sequence.
/// The later bytes of a malformed sequence are malformed as well, so all of it is dropped.
std::int32_t next_code_point(std::string_view text, std::size_t* position) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + *position;
  if (bytes[0] < 0x80) {
    ++*position;
    return bytes[0];
  }
  utf8proc_int32_t code = -1;
  const auto size = static_cast<utf8proc_ssize_t>(text.size() - *position);
  const utf8proc_ssize_t used = utf8proc_iterate(bytes, size, &code);
  *position += used > 0 ? static_cast<std::size_t>(used) : 1;
  return used > 0 ? code : -1;
}

void append_utf8(std::int32_t code, std::string* out) {
  std::array<utf8proc_uint8_t, 4> bytes;
  const auto size = utf8proc_encode_char(code, bytes.data());
  out->append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

std::string normalize_ascii(std::string_view text, bool lower) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\t' || c == '\n' || c == '\r') {
      out.push_back(' ');
    } else if (c >= 0x20 && c != 0x7F) {
      out.push_back(lower && c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
    }
  }
  return out;
}

}  // namespace

std::string normalize(std::string_view text, const NormalizerOptions& options) {
  if (is_ascii(text)) return normalize_ascii(text, options.do_lower_case);
  std::vector<std::int32_t> codes;
  codes.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const std::int32_t code = next_code_point(text, &position);
    if (code <= 0 || code == kReplacement || is_control(code)) continue;
    if (is_white_space(code)) {
      codes.push_back(' ');
    } else if (options.tokenize_chinese_chars && is_cjk_ideograph(code)) {
      codes.insert(codes.end(), {' ', code, ' '});
    } else {
      codes.push_back(code);
    }
  }
  if (options.strip_accents) {
    codes = decompose(codes);
    codes.erase(std::remove_if(codes.begin(), codes.end(), is_nonspacing_mark), codes.end());
  }
  if (options.do_lower_case) {
    std::vector<std::int32_t> lower;
    lower.reserve(codes.size());
    for (const std::int32_t code : codes) append_lower(code, &lower);
    codes = std::move(lower);
  }
  std::string out;
  out.reserve(text.size());
  for (const std::int32_t code : codes) append_utf8(code, &out);
  return out;
}

std::vector<std::string_view> split_words(std::string_view normalized) {
  std::vector<std::string_view> words;
  std::size_t start = 0;
  const auto finish = [&](std::size_t end) {
    if (end > start) words.push_back(normalized.substr(start, end - start));
  };
  for (std::size_t position = 0; position < normalized.size();) {
    const std::size_t before = position;
    const std::int32_t code = next_code_point(normalized, &position);
    if (is_white_space(code)) {
      finish(before);
      start = position;
    } else if (is_punctuation(code)) {
      finish(before);
      start = before;
      finish(position);
      start = position;
    }
  }
  finish(normalized.size());
  return words;
}

}  // namespace beholder::text
