#include "text/vocabulary_file.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "core/check.hpp"
#include "core/file.hpp"
#include "core/stand_in.hpp"

namespace beholder::text {
namespace {

bool is_valid_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code;
    const auto used = utf8proc_iterate(bytes, left, &code);
    if (used <= 0) return false;
    bytes += used;
    left -= used;
  }
  return true;
}

}  // namespace

std::vector<std::string> read_vocabulary_file(const std::filesystem::path& path) {
  const std::string text = read_file_text(path);
  refuse_stand_in(text, path.string());
  std::vector<std::string> pieces;
  std::unordered_set<std::string_view> seen;  // views into `text`
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t newline = std::min(text.find('\n', start), text.size());
    std::string_view piece(text.data() + start, newline - start);
    start = newline + 1;
    if (!piece.empty() && piece.back() == '\r') piece.remove_suffix(1);
    const std::size_t line = pieces.size() + 1;
    check(!piece.empty(), ErrorCode::kModelFormat, path.string(), " line ", line,
          ": empty; each line must hold one piece");
    check(is_valid_utf8(piece), ErrorCode::kModelFormat, path.string(), " line ", line,
          ": not valid UTF-8");
    check(seen.insert(piece).second, ErrorCode::kModelFormat, path.string(), " line ", line,
          ": the piece \"", piece, "\" stands in an earlier line as well");
    pieces.emplace_back(piece);
  }
  return pieces;
}

}  // namespace beholder::text
