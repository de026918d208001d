#include "batch/output_sqlite.hpp"

#include <sqlite3.h>

#include <cctype>
#include <cstdint>
#include <set>

#include "core/check.hpp"

namespace beholder::batch {
namespace fs = std::filesystem;

namespace {

/// SQLite with its codes turned into errors.
class Database {
 public:
  Database(const fs::path& path, const std::vector<std::string>& columns)
      : path_(path), columns_(columns) {
    must(sqlite3_open(path.c_str(), &handle_));
    std::string table =
        "CREATE TABLE rows (image BLOB NOT NULL, question TEXT NOT NULL, text TEXT, confidence "
        "REAL, result TEXT, error_code TEXT, error_message TEXT";
    std::string places = "?, ?, ?, ?, ?, ?, ?";
    std::set<std::string> taken = {"image",  "question",   "text",         "confidence",
                                   "result", "error_code", "error_message"};
    for (const std::string& column : columns) {
      table += ", " + name_of(column, taken);  // of no type: each value keeps its own
      places += ", ?";
    }
    // Rows may share picture and question and differ in their own keys only.
    table += columns.empty() ? ", PRIMARY KEY (image, question)); BEGIN" : "); BEGIN";
    must(sqlite3_exec(handle_, table.c_str(), nullptr, nullptr, nullptr));
    must(sqlite3_prepare_v2(handle_, ("INSERT INTO rows VALUES (" + places + ")").c_str(), -1,
                            &insert_, nullptr));
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
      if (const std::string value = row.confidence(); !value.empty())
        must(sqlite3_bind_double(insert_, 4, std::stod(value)));
      text(5, dumped(row.result));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i)
      if (row.keys.is_object() && row.keys.contains(columns_[i]))
        bind(8 + static_cast<int>(i), row.keys.at(columns_[i]));
    must(sqlite3_step(insert_), SQLITE_DONE);
  }

  void commit() { must(sqlite3_exec(handle_, "COMMIT", nullptr, nullptr, nullptr)); }

 private:
  /// Quoted; SQLite takes ID and id for one name.
  static std::string name_of(std::string column, std::set<std::string>& taken) {
    const auto lower = [](std::string text) {
      for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      return text;
    };
    while (!taken.insert(lower(column)).second) column += "_";
    std::string out = "\"";
    for (const char c : column) out += c == '"' ? "\"\"" : std::string(1, c);
    return out + "\"";
  }
  void bind(int place, const Json& value) {
    if (value.is_number_integer())
      must(sqlite3_bind_int64(insert_, place, value.get<std::int64_t>()));
    else if (value.is_number())
      must(sqlite3_bind_double(insert_, place, value.get<double>()));
    else if (!value.is_null())
      text(place, value.is_string() ? value.get<std::string>() : dumped(value));
  }
  void text(int place, const std::string& value) {
    must(sqlite3_bind_text(insert_, place, value.data(), static_cast<int>(value.size()),
                           SQLITE_TRANSIENT));
  }
  void must(int code, int wanted = SQLITE_OK) {
    check(code == wanted, ErrorCode::kFileAccess, path_.string(), ": SQLite reports ",
          sqlite3_errstr(code), "; check the folder, its permissions and the space on the disk");
  }

  fs::path path_;
  const std::vector<std::string>& columns_;
  sqlite3* handle_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace

void write_sqlite(const fs::path& file, const std::vector<std::string>& columns,
                  const RowSource& rows) {
  Database database(file, columns);  // an empty file is an empty database
  for (Row row; rows(row);) database.add(row);
  database.commit();
}

}  // namespace beholder::batch
