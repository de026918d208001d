#include "batch/output.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <set>

#include "batch/output_sqlite.hpp"
#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

std::string jsonl_line(const Row& row, bool details) {
  Json out = Json::object();
  put_name(out, row.name);
  if (!row.keys.is_null()) out.update(row.keys);
  if (!row.question.empty()) out["question"] = row.question;
  if (row.failed())
    out["error"] = {{"code", row.error_code}, {"message", row.error_message}};
  else
    for (const auto& [key, value] : row.result.items())
      if (details || (key != "joules" && key != "timing_ms")) out[key] = value;
  return dumped(out);
}

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string out = "\"";
  for (const char c : field) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

/// A key of the row as text: strings as they are, all else as JSON.
std::string key_text(const Row& row, const std::string& column) {
  if (row.keys.is_null() || !row.keys.contains(column)) return "";
  const Json& value = row.keys.at(column);
  return value.is_string() ? value.get<std::string>() : value.is_null() ? "" : dumped(value);
}

std::string csv_line(const Row& row, const std::vector<std::string>& columns) {
  std::string out = quoted(row.name) + "," + quoted(row.question) + "," +
                    quoted(row.text_or_json()) + "," + row.confidence() + "," + row.error_code +
                    "," + quoted(row.error_message);
  for (const std::string& column : columns) out += "," + quoted(key_text(row, column));
  return out + "\r\n";
}

void write_text_format(OutputFile& file, const OutputOptions& options, const RowSource& rows) {
  std::ofstream out(file.temporary(), std::ios::binary | std::ios::trunc);
  if (options.format == Format::kCsv) {
    out << "image,question,text,confidence,error_code,error_message";
    for (const std::string& column : options.columns) out << ',' << quoted(column);
    out << "\r\n";
  }
  if (options.format == Format::kCoco) out << "[";
  bool first = true;
  std::set<Json> ids;
  for (Row row; rows(row);) {
    if (options.format == Format::kJsonl) {
      out << jsonl_line(row, options.details) << '\n';
    } else if (options.format == Format::kCsv) {
      out << csv_line(row, options.columns);
    } else if (!row.failed()) {
      check(row.result.contains("caption"), ErrorCode::kUsage,
            "coco holds captions; choose jsonl, csv or sqlite for the results of other tasks");
      const Json id =
          options.coco_numbers ? coco_id(row.name, row.keys) : coco_name(row.name, row.keys);
      check(ids.insert(id).second, ErrorCode::kUsage, printable(row.name),
            ": an earlier picture has its image_id ", id.dump(),
            " too; rename one, or choose another format");
      out << (first ? "\n" : ",\n") << dumped({{"image_id", id}, {"caption", row.text()}});
      first = false;
    }
  }
  if (options.format == Format::kCoco) out << "\n]\n";
  out.close();
  check(static_cast<bool>(out), ErrorCode::kFileAccess, file.temporary().string(),
        ": writing failed; is the disk full?");
}

}  // namespace

Format format_from_name(const std::string& name) {
  static const std::map<std::string, Format> names = {{"jsonl", Format::kJsonl},
                                                      {"csv", Format::kCsv},
                                                      {"coco", Format::kCoco},
                                                      {"txt", Format::kTxt},
                                                      {"sqlite", Format::kSqlite}};
  const auto found = names.find(name);
  check(found != names.end(), ErrorCode::kUsage, "format '", name,
        "' is none of jsonl, csv, coco, txt, sqlite");
  return found->second;
}

Format format_from_extension(const fs::path& output) {
  std::string extension = output.extension().string();
  for (char& c : extension) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (extension == ".csv") return Format::kCsv;
  if (extension == ".sqlite" || extension == ".sqlite3" || extension == ".db")
    return Format::kSqlite;
  return Format::kJsonl;
}

Format format_of(const std::string& name, const fs::path& output) {
  return name.empty() ? format_from_extension(output) : format_from_name(name);
}

void add_columns(std::vector<std::string>& columns, const Json& keys) {
  for (const auto& [key, value] : keys.items())
    if (std::find(columns.begin(), columns.end(), key) == columns.end()) columns.push_back(key);
}

Json coco_name(const std::string& name, const Json& keys) {
  if (keys.is_object() && keys.contains("image_id")) {
    const Json& id = keys.at("image_id");
    return id.is_string() ? id : Json(dumped(id));
  }
  return printable(fs::path(name).filename().string());
}

Json coco_id(const std::string& name, const Json& keys) {
  std::string stem = fs::path(name).stem().string();
  if (keys.is_object() && keys.contains("image_id")) {
    const Json& id = keys.at("image_id");
    if (id.is_number_integer()) return id;
    if (!id.is_string()) return coco_name(name, keys);
    stem = id.get<std::string>();
  }
  std::size_t begin = stem.size();
  while (begin > 0 && std::isdigit(static_cast<unsigned char>(stem[begin - 1])) != 0) --begin;
  const std::string digits = stem.substr(begin);
  const bool apart = begin == 0 || std::isalnum(static_cast<unsigned char>(stem[begin - 1])) == 0;
  if (digits.empty() || digits.size() > 18 || !apart) return coco_name(name, keys);
  return std::stoll(digits);
}

void write_output(const fs::path& output, const OutputOptions& options, const RowSource& rows,
                  const Publish& publish) {
  check(options.format != Format::kTxt, ErrorCode::kUsage,
        "txt is a file beside each picture, not one output");
  OutputFile file(output);
  if (options.format == Format::kSqlite)
    write_sqlite(file.temporary(), options.columns, rows);
  else
    write_text_format(file, options, rows);
  if (publish)
    publish(file);
  else
    file.publish();
}

}  // namespace beholder::batch
