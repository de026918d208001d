// The finished rows in the forms that other programs read.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "batch/row.hpp"

namespace beholder::batch {

enum class Format {
  kJsonl,   ///< an object a row
  kCsv,     ///< image,question,text,confidence,error_code,error_message (RFC 4180)
  kCoco,    ///< COCO's caption results, [{"image_id", "caption"}]; failures are left out
  kTxt,     ///< a text file beside each picture, named as it with .txt; failures are left out
  kSqlite,  ///< a table `rows`
};

/// @throws Error kUsage for a name that is none of jsonl, csv, coco, txt, sqlite
Format format_from_name(const std::string& name);

/// What the extension says: .csv, .sqlite, .sqlite3 and .db; anything else is jsonl.
Format format_from_extension(const std::filesystem::path& output);

/// The format that was named; with an empty name, what the extension says.
Format format_of(const std::string& name, const std::filesystem::path& output);

/// Sets the next row; false at the end.
using RowSource = std::function<bool(Row&)>;

struct OutputOptions {
  Format format = Format::kJsonl;
  bool details = false;  ///< jsonl: joules and timing of each row too
};

/// Writes all rows to a temporary file and renames it to `output` (see OutputFile), so that
/// `output` is always whole; with kTxt `output` is not used and each text file is written so.
/// @throws Error kFileAccess; kUsage for kCoco and rows that are not captions
void write_output(const std::filesystem::path& output, const OutputOptions& options,
                  const RowSource& rows);

/// What COCO's results call a picture: the number at the end of its name, where it stands alone or
/// behind a mark as in COCO_val2014_000000000042.jpg; otherwise the file's name.
Json coco_id(const std::string& name);

/// The text file of a picture: its path with the extension replaced by .txt.
std::filesystem::path text_file(const std::string& picture);

}  // namespace beholder::batch
