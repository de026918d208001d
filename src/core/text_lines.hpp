// Text as people and their programs save it, line by line: the one reader of every list and file of
// lines.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "beholder/error.hpp"
#include "core/file.hpp"

namespace beholder {

/// The bytes of a stream, which must outlive the source.
ByteSource bytes_of_stream(std::istream& in);

/// Whether a text says nothing.
inline bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// Whether all bytes are UTF-8.
bool is_utf8(std::string_view text);

struct LineOptions {
  bool any_bytes = false;                   ///< lines need not be UTF-8: names of files
  ErrorCode code = ErrorCode::kDataFormat;  ///< of what is wrong with the content
  std::string hint;                         ///< what to do about a zero byte, behind "; "
};

/// Lines of a text. They end with LF, CR LF or CR alone; a byte-order mark before a line (files
/// joined to one have it further on too) is no part of it. UTF-16 with its mark is read as UTF-8.
class TextLines {
 public:
  /// @param name how messages call the text
  TextLines(ByteSource source, std::string name, LineOptions options = {});
  explicit TextLines(const std::filesystem::path& path, LineOptions options = {});

  /// The next line without its end; false behind the last.
  /// @throws Error options.code, naming text and line: a zero byte, UTF-32, bytes that are not
  ///   UTF-8 unless `any_bytes`. What the source throws passes through.
  bool next(std::string& line);

  /// Of the last line, from 1.
  std::size_t number() const { return number_; }

  /// "name:number", for messages about the last line.
  std::string place() const;

 private:
  enum class Encoding { kUnknown, kBytes, kUtf16Little, kUtf16Big };

  bool fill();
  void recognise(std::string& head);
  void decode_utf16(std::string_view bytes);
  void check_line(std::string& line) const;

  ByteSource source_;
  std::string name_;
  LineOptions options_;
  Encoding encoding_ = Encoding::kUnknown;
  std::string buffer_, carry_;  // carry: bytes of UTF-16 whose rest is yet to come
  std::size_t begin_ = 0, searched_ = 0, number_ = 0;
  bool drained_ = false;
};

/// The lines that say something, without the white space around them.
/// @throws Error as `TextLines`
std::vector<std::string> read_text_lines(const std::filesystem::path& path,
                                         const LineOptions& options = {});

}  // namespace beholder
