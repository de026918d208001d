// Whole files: read with typed errors, written so that a crash leaves the old or the new, never
// half.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace beholder {

/// Puts up to `most` next bytes into `to`. @return how many; 0 at the end
using ByteSource = std::function<std::size_t(char* to, std::size_t most)>;

/// The bytes of a file, in pieces.
/// @throws Error kFileNotFound, kFileAccess (a directory, a device, unreadable, a read that fails)
ByteSource bytes_of_file(const std::filesystem::path& path);

/// All bytes of a regular file.
/// @throws Error kFileNotFound, kFileAccess (a directory, unreadable, a read that fails).
std::vector<std::uint8_t> read_file_bytes(const std::filesystem::path& path);

/// As `read_file_bytes`, as text.
std::string read_file_text(const std::filesystem::path& path);

/// Writes to `path` + ".tmp-<pid>" in the same folder, syncs, renames over `path`.
/// @throws Error kFileAccess; the temporary file is removed and `path` stays as it was.
void write_file_atomic(const std::filesystem::path& path, std::string_view content);

/// The name that `write_file_atomic` uses for its temporary file.
std::filesystem::path temporary_sibling(const std::filesystem::path& path);

/// Syncs `temporary` to the disk and renames it over `path`. @throws Error kFileAccess
void publish_file(const std::filesystem::path& temporary, const std::filesystem::path& path);

}  // namespace beholder
