// The file of a vocabulary: one piece a line, the line number from 0 is the id.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder::text {

/// The pieces of a vocabulary file; a line may end in LF or CR LF, the last one in nothing.
/// @throws Error kFileNotFound, kFileAccess; kModelFormat (with the line) for an empty file, an
/// empty line, malformed UTF-8, or a piece that an earlier line has.
std::vector<std::string> read_vocabulary_file(const std::filesystem::path& path);

}  // namespace beholder::text
