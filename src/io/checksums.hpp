// Checksums of a model's files, in the form of `xxhsum`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder::io {

/// The file beside a model's others that holds them: a line each of 32 hexadecimal digits (XXH3,
/// 128 bits), two spaces, and the name. `xxh128sum -c XXH128SUMS` of the package xxhash checks it
/// too.
constexpr const char* kChecksumFile = "XXH128SUMS";

/// Writes the checksums of `model_files(folder)`, for the last step of whatever writes a model.
/// @throws Error kFileNotFound for a folder without weights; kFileAccess; as `model_files`
void write_checksums(const std::filesystem::path& folder);

struct ChecksumReport {
  bool there = false;                  ///< the folder has checksums
  std::size_t files = 0;               ///< that they name
  std::vector<std::string> differing;  ///< "vocab.txt: …" what is wrong with each file
};

/// Compares each file that the checksums name; weights that they do not name are reported too.
/// @throws Error kModelFormat for a line that is none of the form above; kFileAccess
ChecksumReport compare_checksums(const std::filesystem::path& folder);

}  // namespace beholder::io
