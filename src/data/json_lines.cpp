#include "data/json_lines.hpp"

#include <zlib.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "core/check.hpp"
#include "core/text_lines.hpp"

namespace beholder::data {
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The bytes of a plain or gzipped file; zlib passes plain content through unchanged.
ByteSource unzipped(const fs::path& path) {
  std::error_code ec;
  const fs::file_status status = fs::status(path, ec);
  check(status.type() != fs::file_type::not_found, ErrorCode::kFileNotFound, path.string(),
        ": no such file; check the name");
  check(status.type() != fs::file_type::directory, ErrorCode::kFileAccess, path.string(),
        ": is a directory; name a JSON Lines file in it");
  const std::shared_ptr<gzFile_s> file(gzopen(path.c_str(), "rb"), [](gzFile_s* opened) {
    if (opened != nullptr) gzclose(opened);
  });
  check(file != nullptr, ErrorCode::kFileAccess, path.string(), ": cannot be opened");
  return [file, path](char* to, std::size_t most) {
    const int count = gzread(file.get(), to, static_cast<unsigned>(most));
    int code = Z_OK;
    const char* cause = gzerror(file.get(), &code);
    // A gzip stream that stops early is reported as Z_BUF_ERROR, and only once all of it is read.
    check(count >= 0 && (code == Z_OK || code == Z_STREAM_END), ErrorCode::kDataFormat,
          path.string(), ": the compressed content is damaged or cut off (", cause,
          "); fetch the file again");
    return static_cast<std::size_t>(count);
  };
}

constexpr std::string_view kWhiteSpace = " \t\r\n\v\f";

bool blank(const std::string& text) {
  return text.find_first_not_of(kWhiteSpace) == std::string::npos;
}

using RowFunction = std::function<bool(const json&, const RowPlace&)>;

void check_object(const json& object, const RowPlace& place) {
  check(object.is_object(), ErrorCode::kDataFormat, place.str(), ": a JSON ", object.type_name(),
        "; expected one JSON object a ", place.document ? "row" : "line");
}

void check_no_annotations(const fs::path& path, const PublicFiles& files) {
  check(files.annotations.empty(), ErrorCode::kUsage, files.annotations.string(),
        ": annotations belong to a VQA questions file, and ", path.string(), " is none");
}

/// @return whether the text, a whole file, was one document with rows in it, not a row a line
bool document_rows(const std::string& text, const fs::path& path, const RowFunction& row,
                   const PublicFiles& files) {
  json document = json::parse(text, nullptr, false);
  if (is_public_file(document))
    document = json(public_rows(document, path, files));
  else
    check_no_annotations(path, files);
  if (!document.is_array()) return false;
  RowPlace place{path, 0, true};
  for (const json& object : document) {
    ++place.line;
    check_object(object, place);
    if (!row(object, place)) return true;
  }
  check(place.line > 0, ErrorCode::kDataFormat, path.string(), ": the list holds no row");
  return true;
}

/// The whole text of a file of which the first line was read.
std::string rest_of(TextLines& lines, const std::string& first) {
  std::string text = first;
  for (std::string line; lines.next(line);) text.append("\n").append(line);
  return text;
}

json parsed_line(const std::string& line, const RowPlace& place) {
  try {
    return json::parse(line);
  } catch (const json::exception& error) {
    fail(ErrorCode::kDataFormat, place.str(), ": not valid JSON (", error.what(),
         "); expected one JSON object a line");
  }
}

}  // namespace

std::string RowPlace::str() const {
  return document ? concat(file.string(), ", row ", line) : concat(file.string(), ":", line);
}

void for_each_json_row(const fs::path& path, const RowFunction& row, const PublicFiles& files) {
  TextLines lines(unzipped(path), path.string());
  RowPlace place{path, 0};
  bool any = false;
  for (std::string line; lines.next(line);) {
    place.line = lines.number();
    if (blank(line)) continue;
    if (!any) {
      const json first = json::parse(line, nullptr, false);
      if (!first.is_object() || is_public_file(first)) {
        const std::string text = rest_of(lines, line);
        if (document_rows(text, path, row, files)) return;
        check_object(parsed_line(line, place), place);  // says what is wrong with the line
        fail(ErrorCode::kDataFormat, place.str(), ": expected one JSON object a line");
      }
      check_no_annotations(path, files);
    }
    const json object = parsed_line(line, place);
    check_object(object, place);
    any = true;
    if (!row(object, place)) return;
  }
  check(any, ErrorCode::kDataFormat, path.string(),
        ":1: the file holds no row; expected one JSON object a line");
}

std::string picture_path_in(const fs::path& folder, const fs::path& picture) {
  if (picture.is_absolute()) return picture.generic_string();
  const fs::path base = fs::absolute(folder.empty() ? fs::path(".") : folder).lexically_normal();
  return fs::absolute(picture).lexically_normal().lexically_relative(base).generic_string();
}

fs::path picture_of_row(const json& row, const char* key, const RowPlace& place,
                        const char* row_form) {
  const fs::path picture(required_string(row, key, place, row_form));
  return picture.is_absolute() ? picture : (place.file.parent_path() / picture).lexically_normal();
}

std::string required_string(const json& object, const char* key, const RowPlace& place,
                            const char* row_form) {
  const auto found = object.find(key);
  check(found != object.end(), ErrorCode::kDataFormat, place.str(), ": the key \"", key,
        "\" is missing; expected ", row_form);
  check(found->is_string(), ErrorCode::kDataFormat, place.str(), ": \"", key, "\" is a ",
        found->type_name(), ", expected a string as in ", row_form);
  std::string value = found->get<std::string>();
  check(value.find_first_not_of(kWhiteSpace) != std::string::npos, ErrorCode::kDataFormat,
        place.str(), ": \"", key, "\" is empty; expected ", row_form);
  return value;
}

}  // namespace beholder::data
