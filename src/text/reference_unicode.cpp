#include "text/reference_unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

namespace beholder::text {
namespace {

struct Range {
  std::int32_t first, last;
};
struct Shift {
  std::int32_t first, last, offset;
};

#include "text/reference_unicode_tables.inc"

/// The range of a sorted table that holds `code`, or nullptr.
template <typename Item, std::size_t size>
const Item* find_range(const Item (&table)[size], std::int32_t code) {
  const Item* item =
      std::lower_bound(std::begin(table), std::end(table), code,
                       [](const Item& range, std::int32_t value) { return range.last < value; });
  return item != std::end(table) && item->first <= code ? item : nullptr;
}

int combining_class(std::int32_t code) {
  if (code < 0x300) return 0;
  const int value = utf8proc_get_property(code)->combining_class;
  return value != 0 && find_range(kNotCombining, code) == nullptr ? value : 0;
}

}  // namespace

bool is_white_space(std::int32_t code) {
  if (code < 0x80) return code == ' ' || (code >= 0x09 && code <= 0x0D);
  const auto category = utf8proc_category(code);
  return code == 0x85 || (category >= UTF8PROC_CATEGORY_ZS && category <= UTF8PROC_CATEGORY_ZP);
}

bool is_control(std::int32_t code) {
  if (code == '\t' || code == '\n' || code == '\r') return false;
  const auto category = utf8proc_category(code);
  const bool control = category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF ||
                       category == UTF8PROC_CATEGORY_CO;
  return control && find_range(kNotControl, code) == nullptr;
}

bool is_punctuation(std::int32_t code) {
  if (code < 0x80) {
    return (code >= '!' && code <= '/') || (code >= ':' && code <= '@') ||
           (code >= '[' && code <= '`') || (code >= '{' && code <= '~');
  }
  const auto category = utf8proc_category(code);
  const bool punctuation = category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
  return punctuation ? find_range(kNotPunctuation, code) == nullptr
                     : find_range(kPunctuation, code) != nullptr;
}

bool is_nonspacing_mark(std::int32_t code) {
  if (code < 0x300) return false;
  return utf8proc_category(code) == UTF8PROC_CATEGORY_MN ? find_range(kNotMark, code) == nullptr
                                                         : find_range(kMark, code) != nullptr;
}

bool is_cjk_ideograph(std::int32_t code) {
  return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) ||
         (code >= 0x20000 && code <= 0x2A6DF) || (code >= 0x2A700 && code <= 0x2B73F) ||
         (code >= 0x2B740 && code <= 0x2B81F) || (code >= 0x2B920 && code <= 0x2CEAF) ||
         (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x2F800 && code <= 0x2FA1F);
}

void append_lower(std::int32_t code, std::vector<std::int32_t>* out) {
  if (code < 0x80) {
    out->push_back(code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code);
  } else if (code == 0x130) {  // the one character whose lower case is two characters
    out->insert(out->end(), {'i', 0x307});
  } else if (const Shift* shift = find_range(kLower, code)) {
    out->push_back(code + shift->offset);
  } else {
    out->push_back(utf8proc_tolower(code));
  }
}

std::vector<std::int32_t> decompose(const std::vector<std::int32_t>& codes) {
  std::vector<std::int32_t> out;
  out.reserve(codes.size() * 2);
  std::array<utf8proc_int32_t, 16> parts;
  for (const std::int32_t code : codes) {
    if (code < 0x80 || find_range(kNotDecomposed, code) != nullptr) {
      out.push_back(code);
      continue;
    }
    int boundary = UTF8PROC_BOUNDCLASS_START;
    const auto count =
        utf8proc_decompose_char(code, parts.data(), static_cast<utf8proc_ssize_t>(parts.size()),
                                UTF8PROC_DECOMPOSE, &boundary);
    out.insert(out.end(), parts.begin(), parts.begin() + count);
  }
  for (auto first = out.begin(); first != out.end();) {
    if (combining_class(*first) == 0) {
      ++first;
      continue;
    }
    const auto last = std::find_if(first, out.end(),
                                   [](std::int32_t code) { return combining_class(code) == 0; });
    std::stable_sort(first, last, [](std::int32_t a, std::int32_t b) {
      return combining_class(a) < combining_class(b);
    });
    first = last;
  }
  return out;
}

}  // namespace beholder::text
