// A folder of files that appears whole or not at all.
#pragma once

#include <filesystem>
#include <vector>

namespace beholder {

/// Files are written into `temporary()`, a folder beside the wanted one, and moved by `publish`. A
/// file that was there is replaced by a rename, never written into, so a program that has it mapped
/// keeps what it had; other files of the folder stay.
class OutputFolder {
 public:
  /// @throws Error kFileAccess
  explicit OutputFolder(const std::filesystem::path& folder);
  /// Removes what was not published, and the parents that were made for it.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

  const std::filesystem::path& temporary() const { return temporary_; }

  /// Syncs all files to the disk and moves them to their place. @throws Error kFileAccess
  void publish();

 private:
  std::filesystem::path folder_, temporary_;
  std::vector<std::filesystem::path> made_;  ///< parents that were not there, innermost first
  bool published_ = false;
};

}  // namespace beholder
