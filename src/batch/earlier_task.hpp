// Guards against replacing the output of another task.
#pragma once

#include <filesystem>
#include <string>

namespace beholder::batch {

/// @throws Error kUsage when `output` holds the rows of another task, by its journal, and would be
///   replaced by those of `task`; kFileAccess, kDataFormat as `read_journal`
void check_same_task(const std::filesystem::path& output, const std::filesystem::path& journal,
                     const std::string& task);

}  // namespace beholder::batch
