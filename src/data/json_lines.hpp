// Files of JSON rows, plain or gzipped, read a row at a time with errors that name file and line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "data/public_files.hpp"

namespace beholder::data {

/// Where a row stands, for error messages: "file.jsonl:12"; in a file that is one JSON document
/// "file.json, row 12".
struct RowPlace {
  std::filesystem::path file;
  std::size_t line = 0;   ///< from 1
  bool document = false;  ///< rows are counted, not lines

  std::string str() const;
};

/// Calls `row(object, place)` for each row of `path` until it returns false: the lines of a JSON
/// Lines file (`TextLines`; those of white space alone are skipped), the elements of one JSON
/// array, or the rows of a public data set's file (`public_rows`). gzip is recognised by its
/// content.
/// @throws Error kFileNotFound, kFileAccess; kDataFormat for a row that is not a JSON object, a
///   damaged gzip stream, or a file without any row. What `row` throws passes through.
void for_each_json_row(const std::filesystem::path& path,
                       const std::function<bool(const nlohmann::json&, const RowPlace&)>& row,
                       const PublicFiles& files = {});

/// How a row of a file in `folder` names a picture: absolute paths stay, others become relative to
/// it.
std::string picture_path_in(const std::filesystem::path& folder,
                            const std::filesystem::path& picture);

/// The string under `key`. `row_form` is the expected form of a whole row, shown in messages.
/// @throws Error kDataFormat when the key is missing, holds another type, or only white space.
std::string required_string(const nlohmann::json& object, const char* key, const RowPlace& place,
                            const char* row_form);

/// The picture that a row names under `key`: absolute, or joined to the folder of the row's file.
/// @throws Error as `required_string`
std::filesystem::path picture_of_row(const nlohmann::json& row, const char* key,
                                     const RowPlace& place, const char* row_form);

}  // namespace beholder::data
