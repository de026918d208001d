// The crash-safe log of a batch: append-only, with a checksum for each row.
//
// A line is eight hexadecimal digits (CRC-32 of what follows the blank), a blank, one JSON object,
// a newline. Every row is written as soon as it is made, so that a killed process loses none that
// it reported; rows are synced to the disk in groups. A line that was cut off by a crash is
// removed at the next start; damage anywhere else is an error, for it was not a crash.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "json/text.hpp"

namespace beholder::batch {

/// A journal that is open for one writer; a second one is refused.
class Journal {
 public:
  /// Opens or creates, locks, repairs the tail and calls `row` for each row with its offset.
  /// @throws Error kFileAccess (cannot be opened, or another run is at work on it), kDataFormat
  ///   (not a journal, or damaged before its last rows)
  Journal(const std::filesystem::path& path,
          const std::function<void(const Json& row, std::uint64_t offset)>& row);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// Bytes of a cut-off last row that were removed on opening; 0 for a whole journal.
  std::uint64_t repaired() const { return repaired_; }

  /// Adds a row. @return its offset. @throws Error kFileAccess (a full disk)
  std::uint64_t append(const Json& row);

  /// Forces all rows to the disk. @throws Error kFileAccess
  void sync();

  /// The row at an offset. @throws Error kFileAccess, kDataFormat
  Json read(std::uint64_t offset) const;

 private:
  std::filesystem::path path_;
  int file_ = -1;
  std::uint64_t size_ = 0, repaired_ = 0;
  std::size_t unsynced_ = 0;
  std::chrono::steady_clock::time_point synced_at_;
};

/// Calls `row` for each row of a journal that nobody writes, without changing it.
/// @return bytes of a cut-off last row
/// @throws Error kFileNotFound, kFileAccess, kDataFormat, as the constructor of `Journal`
std::uint64_t read_journal(const std::filesystem::path& path,
                           const std::function<void(const Json& row, std::uint64_t offset)>& row);

/// Single rows of a journal that nobody writes; the file stays open.
class JournalReader {
 public:
  /// @throws Error kFileNotFound, kFileAccess
  explicit JournalReader(const std::filesystem::path& path);
  ~JournalReader();
  JournalReader(JournalReader&& other) noexcept;
  JournalReader(const JournalReader&) = delete;
  JournalReader& operator=(const JournalReader&) = delete;

  /// The row that begins at `offset`. @throws Error kFileAccess, kDataFormat
  Json read(std::uint64_t offset) const;

 private:
  friend std::uint64_t read_journal(const std::filesystem::path&,
                                    const std::function<void(const Json&, std::uint64_t)>&);
  std::filesystem::path path_;
  int file_;
};

}  // namespace beholder::batch
