// The entries of a zip archive that were stored without compression.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "io/memory_file.hpp"

namespace beholder::io {

/// Bytes of one entry inside the mapped file.
struct ZipEntry {
  const std::uint8_t* data = nullptr;
  std::uint64_t bytes = 0;
};

/// The entries by name (APPNOTE.TXT 6.3, with the zip64 records; one disk). `file` names the
/// archive in messages. @throws Error kModelFormat: not an archive, damaged, compressed, encrypted,
/// or with one name twice
std::map<std::string, ZipEntry> read_zip(const MappedFile& mapped, const std::string& file);

}  // namespace beholder::io
