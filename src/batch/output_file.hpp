// An output file that is replaced atomically and written by one process at a time.
#pragma once

#include <filesystem>

namespace beholder::batch {

/// Holds `output` + ".tmp", empty and locked, to be filled and renamed. The name is always the
/// same, so what a killed run left behind is used again by the next.
class OutputFile {
 public:
  /// @throws Error kFileAccess: cannot be written, or another process is writing it
  explicit OutputFile(const std::filesystem::path& output);
  /// Removes the temporary file unless it was published.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }

  /// Syncs the temporary file to the disk and renames it over the output. @throws Error kFileAccess
  void publish();

 private:
  std::filesystem::path output_, temporary_;
  int lock_ = -1;
  bool published_ = false;
};

}  // namespace beholder::batch
