// What a command would overwrite, found out before anything is computed.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace beholder {

/// Whether two names are one file: by its place on the disk, so links and another spelling count.
/// False when either is not there.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b);

/// The rule of every file that a command writes: it is none of those that are read, also with
/// `force`, and what is there already with something in it is replaced only with `force`.
/// @param inputs files that the command reads; of a folder, the files in it
/// @throws Error kUsage, saying what to do; also for a name that is empty, "-", a folder, a pipe or
///   a device; kFileNotFound when the folder for it is not there
void check_output_file(const std::filesystem::path& output,
                       const std::vector<std::filesystem::path>& inputs, bool force);

/// The same for a folder: none of those that are read, and empty unless `force`.
/// @throws Error kUsage
void check_output_folder(const std::filesystem::path& output,
                         const std::vector<std::filesystem::path>& inputs, bool force);

}  // namespace beholder
