// One file of the WordNet database: mapped, searched by its sorted first words, read by fields.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

namespace beholder::text {

/// A read-only mapping: pages come in when they are touched and cost nothing to give back.
class WordNetFile {
 public:
  /// @throws Error kFileNotFound (which package to install), kFileAccess.
  explicit WordNetFile(const std::filesystem::path& path);
  ~WordNetFile();
  WordNetFile(const WordNetFile&) = delete;
  WordNetFile& operator=(const WordNetFile&) = delete;

  std::string_view text() const { return {static_cast<const char*>(data_), size_}; }
  const std::filesystem::path& path() const { return path_; }

  /// The line that starts at byte `begin` (within the file), without its line end.
  std::string_view line_at(std::size_t begin) const;

  /// The last line whose first word is `key`, or an empty view. The lines must be sorted bytewise
  /// by their first word, as those of `index.*` and `*.exc` are; header lines start with a space.
  std::string_view find_line(std::string_view key) const;

 private:
  std::filesystem::path path_;
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

/// The fields of one line of a file, taken one after the other.
/// @throws Error kDataFormat with the file and the byte where the line starts.
class WordNetFields {
 public:
  WordNetFields(const WordNetFile& file, std::string_view line) : file_(file), line_(line) {}

  std::string_view word();
  std::uint32_t number(int base = 10);
  bool done() const { return line_.find_first_not_of(' ', at_) == std::string_view::npos; }

  /// Reports the line: "…: the line at byte N <what>; …".
  [[noreturn]] void damaged(const char* what) const;

 private:
  const WordNetFile& file_;
  std::string_view line_;
  std::size_t at_ = 0;
};

}  // namespace beholder::text
