#include "core/text_lines.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <istream>
#include <utility>

#include "core/check.hpp"

namespace beholder {
namespace fs = std::filesystem;
using namespace std::string_view_literals;

namespace {

constexpr std::size_t kPiece = std::size_t{1} << 16;
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kWhiteSpace = " \t\v\f";

/// Where the first byte stands that begins no character; the size when all is well.
std::size_t first_not_utf8(std::string_view text) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  std::size_t at = 0;
  while (at < text.size()) {
    utf8proc_int32_t code;
    const auto used =
        utf8proc_iterate(bytes + at, static_cast<utf8proc_ssize_t>(text.size() - at), &code);
    if (used <= 0) break;
    at += static_cast<std::size_t>(used);
  }
  return at;
}

void append_character(std::string& out, std::uint32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

}  // namespace

bool is_utf8(std::string_view text) { return first_not_utf8(text) == text.size(); }

ByteSource bytes_of_stream(std::istream& in) {
  return [&in](char* to, std::size_t most) {
    in.read(to, static_cast<std::streamsize>(most));
    return static_cast<std::size_t>(in.gcount());
  };
}

TextLines::TextLines(ByteSource source, std::string name, LineOptions options)
    : source_(std::move(source)), name_(std::move(name)), options_(std::move(options)) {}

TextLines::TextLines(const fs::path& path, LineOptions options)
    : TextLines(bytes_of_file(path), path.string(), std::move(options)) {}

std::string TextLines::place() const { return concat(name_, ":", number_); }

bool TextLines::next(std::string& line) {
  for (;;) {
    const auto end = std::find_if(buffer_.begin() + static_cast<std::ptrdiff_t>(searched_),
                                  buffer_.end(), [](char c) { return c == '\n' || c == '\r'; });
    searched_ = static_cast<std::size_t>(end - buffer_.begin());
    // Whether a line feed follows a carriage return at the end is not known yet.
    const bool undecided = end != buffer_.end() && *end == '\r' && end + 1 == buffer_.end();
    if (end != buffer_.end() && !(undecided && !drained_)) break;
    if (fill()) continue;
    if (undecided) break;
    if (begin_ == buffer_.size()) return false;
    searched_ = buffer_.size();
    break;
  }
  line.assign(buffer_, begin_, searched_ - begin_);
  if (searched_ < buffer_.size()) {
    const bool pair = buffer_.compare(searched_, 2, "\r\n") == 0;
    searched_ += pair ? 2 : 1;
  }
  begin_ = searched_;
  ++number_;
  check_line(line);
  return true;
}

void TextLines::check_line(std::string& line) const {
  // A later line that is nothing else may mean it: a vocabulary's piece.
  if (line.compare(0, kMark.size(), kMark) == 0 && (number_ == 1 || line.size() > kMark.size()))
    line.erase(0, kMark.size());
  check(line.find('\0') == std::string::npos, options_.code, place(),
        ": holds a zero byte, which no text does; ",
        options_.hint.empty() ? "save the file as UTF-8" : options_.hint);
  if (options_.any_bytes) return;
  const std::size_t bad = first_not_utf8(line);
  check(bad == line.size(), options_.code, place(), ": not UTF-8 (byte ", bad + 1,
        " of the line); save the file as UTF-8");
}

bool TextLines::fill() {
  if (drained_) return false;
  buffer_.erase(0, begin_);
  searched_ -= begin_;
  begin_ = 0;
  std::string piece(kPiece, '\0');
  const auto read = [&](std::size_t from) {
    const std::size_t got = source_(&piece[from], piece.size() - from);
    if (got == 0) drained_ = true;
    return from + got;
  };
  std::size_t size = read(0);
  // What a mark begins with is read on until it can be told which it is.
  if (encoding_ == Encoding::kUnknown && size > 0 &&
      "\xEF\xFE\xFF"sv.find(piece[0]) != std::string_view::npos)
    while (size < 4 && !drained_) size = read(size);
  piece.resize(size);
  if (encoding_ == Encoding::kUnknown) recognise(piece);
  if (encoding_ == Encoding::kBytes)
    buffer_ += piece;
  else
    decode_utf16(piece);
  check(!drained_ || carry_.empty(), options_.code, name_,
        ": UTF-16 that ends within a character; the file is cut off, save it again as UTF-8");
  return !drained_ || size > 0;
}

void TextLines::recognise(std::string& head) {
  encoding_ = Encoding::kBytes;
  check(head.compare(0, 4, "\xFF\xFE\0\0"sv) != 0, options_.code, name_,
        ": is UTF-32; save the file as UTF-8");
  if (head.compare(0, 2, "\xFF\xFE") == 0)
    encoding_ = Encoding::kUtf16Little;
  else if (head.compare(0, 2, "\xFE\xFF") == 0)
    encoding_ = Encoding::kUtf16Big;
  if (encoding_ != Encoding::kBytes) head.erase(0, 2);
}

void TextLines::decode_utf16(std::string_view bytes) {
  carry_.append(bytes);
  const bool little = encoding_ == Encoding::kUtf16Little;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(carry_[at]);
    const auto second = static_cast<unsigned char>(carry_[at + 1]);
    return static_cast<std::uint32_t>(little ? second << 8 | first : first << 8 | second);
  };
  std::size_t at = 0;
  for (; at + 2 <= carry_.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xE000) {
      if (code < 0xDC00 && at + 4 > carry_.size()) break;
      const std::uint32_t low = code < 0xDC00 ? unit(at + 2) : 0;
      check(low >= 0xDC00 && low < 0xE000, options_.code, name_,
            ": UTF-16 with half a character; save the file as UTF-8");
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      at += 2;
    }
    append_character(buffer_, code);
  }
  carry_.erase(0, at);
}

std::vector<std::string> read_text_lines(const fs::path& path, const LineOptions& options) {
  TextLines lines(path, options);
  std::vector<std::string> out;
  for (std::string line; lines.next(line);) {
    const std::size_t begin = line.find_first_not_of(kWhiteSpace);
    if (begin == std::string::npos || line == kMark) continue;
    out.push_back(line.substr(begin, line.find_last_not_of(kWhiteSpace) - begin + 1));
  }
  return out;
}

}  // namespace beholder
