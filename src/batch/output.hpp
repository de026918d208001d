// The finished rows in the forms that other programs read.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "batch/output_file.hpp"
#include "batch/row.hpp"

namespace beholder::batch {

enum class Format {
  kJsonl,   ///< an object a row
  kCsv,     ///< image,question,text,confidence,error_code,error_message (RFC 4180)
  kCoco,    ///< COCO's caption results, [{"image_id", "caption"}]; failures are left out
  kTxt,     ///< a text file beside each picture (text_files.hpp); failures are left out
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
  bool details = false;              ///< jsonl: joules and timing of each row too
  std::vector<std::string> columns;  ///< csv, sqlite: the rows' own keys (`own_columns`)
  bool coco_numbers = true;          ///< ids are integers, not names (`coco_numbers`)
};

/// Puts the finished temporary file in its place.
using Publish = std::function<void(OutputFile&)>;

/// Writes all rows to a temporary file and renames it to `output` (see OutputFile), so that
/// `output` is always whole.
/// @param publish how it is renamed; empty: just so
/// @throws Error kFileAccess; kUsage for kCoco and rows that are not captions, and for kTxt, whose
///   files `write_text_files` writes
void write_output(const std::filesystem::path& output, const OutputOptions& options,
                  const RowSource& rows, const Publish& publish = {});

/// The keys that lists gave their rows, each once, in order.
void add_columns(std::vector<std::string>& columns, const Json& keys);

/// What COCO's results call a picture: the "image_id" of its row, else the number at the end of its
/// name, where it stands alone or behind a mark as in COCO_val2014_000000000042.jpg; otherwise the
/// file's name.
Json coco_id(const std::string& name, const Json& keys = nullptr);

/// The same as text: an "image_id" or the file's name.
Json coco_name(const std::string& name, const Json& keys = nullptr);

}  // namespace beholder::batch
