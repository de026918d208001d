// The finished rows as an SQLite database.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/output.hpp"

namespace beholder::batch {

/// Makes the table `rows` in an empty file, with a column for each of the rows' own keys.
/// @throws Error kFileAccess
void write_sqlite(const std::filesystem::path& file, const std::vector<std::string>& columns,
                  const RowSource& rows);

}  // namespace beholder::batch
