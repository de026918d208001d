#include "batch/output.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <memory>
#include <set>

#include "batch/output_file.hpp"
#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string jsonl_line(const Row& row, bool details) {
  Json out = Json::object();
  put_name(out, row.name);
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

/// How sure the model is, by whatever name its task has for it; empty when it does not say.
std::string confidence(const Row& row) {
  for (const char* field : {"confidence", "probability"})
    if (row.result.is_object() && row.result.contains(field)) return row.result.at(field).dump();
  return "";
}

std::string csv_line(const Row& row) {
  return quoted(row.name) + "," + quoted(row.question) + "," +
         quoted(row.result.is_array() || row.text().empty()
                    ? (row.failed() ? "" : dumped(row.result))
                    : row.text()) +
         "," + confidence(row) + "," + row.error_code + "," + quoted(row.error_message) + "\r\n";
}

void write_text_format(const fs::path& output, const OutputOptions& options,
                       const RowSource& rows) {
  OutputFile file(output);
  std::ofstream out(file.temporary(), std::ios::binary | std::ios::trunc);
  if (options.format == Format::kCsv)
    out << "image,question,text,confidence,error_code,error_message\r\n";
  if (options.format == Format::kCoco) out << "[";
  bool first = true;
  std::set<Json> ids;
  for (Row row; rows(row);) {
    if (options.format == Format::kJsonl) {
      out << jsonl_line(row, options.details) << '\n';
    } else if (options.format == Format::kCsv) {
      out << csv_line(row);
    } else if (!row.failed()) {
      check(row.result.contains("caption"), ErrorCode::kUsage,
            "coco holds captions; choose jsonl, csv or sqlite for the results of other tasks");
      const Json id = coco_id(row.name);
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
  file.publish();
}

void write_text_files(const RowSource& rows) {
  std::string name, text;
  const auto write = [&] {
    if (name.empty() || text.empty()) return;
    OutputFile file(text_file(name));
    std::ofstream out(file.temporary(), std::ios::binary | std::ios::trunc);
    out << text;
    out.close();
    check(static_cast<bool>(out), ErrorCode::kFileAccess, file.temporary().string(),
          ": writing failed; is the disk full?");
    file.publish();
  };
  for (Row row; rows(row);) {
    if (row.name != name) {
      write();
      name = row.name;
      text.clear();
    }
    if (!row.failed()) text += (row.text().empty() ? dumped(row.result) : row.text()) + "\n";
  }
  write();
}

/// SQLite with its codes turned into errors.
class Database {
 public:
  explicit Database(const fs::path& path) : path_(path) {
    must(sqlite3_open(path.c_str(), &handle_));
    must(sqlite3_exec(handle_,
                      "CREATE TABLE rows (image BLOB NOT NULL, question TEXT NOT NULL, text TEXT, "
                      "confidence REAL, result TEXT, error_code TEXT, error_message TEXT, "
                      "PRIMARY KEY (image, question)); BEGIN",
                      nullptr, nullptr, nullptr));
    must(sqlite3_prepare_v2(handle_, "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?)", -1, &insert_,
                            nullptr));
  }
  ~Database() {
    sqlite3_finalize(insert_);
    sqlite3_close(handle_);
  }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void add(const Row& row) {
    sqlite3_reset(insert_);
    sqlite3_clear_bindings(insert_);
    // Text where the name is text, so that it compares as such; bytes where it is not.
    if (printable(row.name) == row.name)
      text(1, row.name);
    else
      must(sqlite3_bind_blob(insert_, 1, row.name.data(), static_cast<int>(row.name.size()),
                             SQLITE_TRANSIENT));
    text(2, row.question);
    if (row.failed()) {
      text(6, row.error_code);
      text(7, printable(row.error_message));
    } else {
      if (!row.text().empty()) text(3, row.text());
      if (const std::string value = confidence(row); !value.empty())
        must(sqlite3_bind_double(insert_, 4, std::stod(value)));
      text(5, dumped(row.result));
    }
    must(sqlite3_step(insert_), SQLITE_DONE);
  }

  void commit() { must(sqlite3_exec(handle_, "COMMIT", nullptr, nullptr, nullptr)); }

 private:
  void text(int place, const std::string& value) {
    must(sqlite3_bind_text(insert_, place, value.data(), static_cast<int>(value.size()),
                           SQLITE_TRANSIENT));
  }
  void must(int code, int wanted = SQLITE_OK) {
    check(code == wanted, ErrorCode::kFileAccess, path_.string(), ": SQLite reports ",
          sqlite3_errstr(code), "; check the folder, its permissions and the space on the disk");
  }

  fs::path path_;
  sqlite3* handle_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

void write_sqlite(const fs::path& output, const RowSource& rows) {
  OutputFile file(output);
  {
    Database database(file.temporary());  // an empty file is an empty database
    for (Row row; rows(row);) database.add(row);
    database.commit();
  }
  file.publish();
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

Json coco_id(const std::string& name) {
  const std::string stem = fs::path(name).stem().string();
  std::size_t begin = stem.size();
  while (begin > 0 && std::isdigit(static_cast<unsigned char>(stem[begin - 1])) != 0) --begin;
  const std::string digits = stem.substr(begin);
  const bool apart = begin == 0 || std::isalnum(static_cast<unsigned char>(stem[begin - 1])) == 0;
  if (digits.empty() || digits.size() > 18 || !apart)
    return printable(fs::path(name).filename().string());
  return std::stoll(digits);
}

fs::path text_file(const std::string& picture) {
  return fs::path(picture).replace_extension(".txt");
}

void write_output(const fs::path& output, const OutputOptions& options, const RowSource& rows) {
  if (options.format == Format::kTxt)
    write_text_files(rows);
  else if (options.format == Format::kSqlite)
    write_sqlite(output, rows);
  else
    write_text_format(output, options, rows);
}

}  // namespace beholder::batch
