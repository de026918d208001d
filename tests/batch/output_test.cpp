#include "batch/output.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include "batch/batch_support.hpp"
#include "batch/energy_meter.hpp"
#include "batch/progress.hpp"

namespace beholder::batch {
namespace {

Row caption(const std::string& name, const std::string& text) {
  Row row;
  row.name = name;
  row.result = {{"caption", text}, {"probability", 0.25}, {"joules", 3.5}};
  return row;
}

Row failure(const std::string& name) {
  Row row;
  row.name = name;
  row.error_code = "picture_corrupt";
  row.error_message = "damaged, \"badly\"";
  return row;
}

std::vector<Row> rows() {
  return {caption("a/000042.jpg", "a \"dog\", running"), failure("b.png"),
          caption("c\xff.jpg", "line\nbreak")};
}

std::string written(Format format, bool details = false) {
  io::TemporaryFolder folder;
  std::size_t next = 0;
  const std::vector<Row> all = rows();
  OutputOptions options;
  options.format = format;
  options.details = details;
  write_output(folder / "out", options, [&](Row& row) {
    if (next == all.size()) return false;
    row = all[next++];
    return true;
  });
  return read_text(folder / "out");
}

TEST(Output, Jsonl) {
  std::istringstream lines(written(Format::kJsonl));
  std::vector<Json> parsed;
  for (std::string line; std::getline(lines, line);) parsed.push_back(Json::parse(line));
  ASSERT_EQ(parsed.size(), 3u);
  EXPECT_EQ(parsed[0].dump(),
            R"({"image":"a/000042.jpg","caption":"a \"dog\", running","probability":0.25})");
  EXPECT_EQ(parsed[1]["error"]["code"], "picture_corrupt");
  EXPECT_EQ(get_name(parsed[2]), "c\xff.jpg");
  EXPECT_NE(written(Format::kJsonl, true).find("joules"), std::string::npos);
}

TEST(Output, Csv) {
  EXPECT_EQ(written(Format::kCsv),
            "image,question,text,confidence,error_code,error_message\r\n"
            "a/000042.jpg,,\"a \"\"dog\"\", running\",0.25,,\r\n"
            "b.png,,,,picture_corrupt,\"damaged, \"\"badly\"\"\"\r\n"
            "c\xff.jpg,,\"line\nbreak\",0.25,,\r\n");
}

TEST(Output, Coco) {
  const Json all = Json::parse(written(Format::kCoco));
  ASSERT_EQ(all.size(), 2u);  // failures have no caption
  EXPECT_EQ(all[0]["image_id"], 42);
  EXPECT_EQ(all[0]["caption"], "a \"dog\", running");
  EXPECT_TRUE(all[1]["image_id"].is_string());
}

RowSource source(const std::vector<Row>& all) {
  return [&all, next = std::size_t{0}](Row& row) mutable {
    if (next == all.size()) return false;
    row = all[next++];
    return true;
  };
}

TEST(Output, RowsKeepTheirKeysInEveryForm) {
  io::TemporaryFolder folder;
  std::vector<Row> all = {caption("a.jpg", "one"), caption("a.jpg", "two"), failure("b.jpg")};
  all[0].keys = {{"question_id", 42001}, {"ID", "x"}, {"id", 7}};
  all[1].keys = {{"question_id", "42,002"}, {"tags", {1, 2}}};
  OutputOptions options;
  for (const Row& row : all)
    if (row.keys.is_object()) add_columns(options.columns, row.keys);
  EXPECT_EQ(options.columns, (std::vector<std::string>{"question_id", "ID", "id", "tags"}));

  write_output(folder / "out", options, source(all));
  std::istringstream lines(read_text(folder / "out"));
  std::string line;
  std::getline(lines, line);
  EXPECT_EQ(
      line,
      R"({"image":"a.jpg","question_id":42001,"ID":"x","id":7,"caption":"one","probability":0.25})");

  options.format = Format::kCsv;
  write_output(folder / "out.csv", options, source(all));
  EXPECT_EQ(read_text(folder / "out.csv"),
            "image,question,text,confidence,error_code,error_message,question_id,ID,id,tags\r\n"
            "a.jpg,,one,0.25,,,42001,x,7,\r\n"
            "a.jpg,,two,0.25,,,\"42,002\",,,\"[1,2]\"\r\n"
            "b.jpg,,,,picture_corrupt,\"damaged, \"\"badly\"\"\",,,,\r\n");

  options.format = Format::kSqlite;
  write_output(folder / "out.db", options, source(all));
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "out.db").c_str(), &database), SQLITE_OK);
  sqlite3_stmt* query = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(database,
                               "SELECT group_concat(typeof(question_id)), max(\"id_\"), max(tags) "
                               "FROM rows ORDER BY rowid",
                               -1, &query, nullptr),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_step(query), SQLITE_ROW);
  const auto text = [&](int column) {
    return std::string(reinterpret_cast<const char*>(sqlite3_column_text(query, column)));
  };
  EXPECT_EQ(text(0), "integer,text,null");
  EXPECT_EQ(text(1), "7");
  EXPECT_EQ(text(2), "[1,2]");
  sqlite3_finalize(query);
  sqlite3_close(database);
}

TEST(Output, CocoIdsOfOneKind) {
  io::TemporaryFolder folder;
  const std::vector<Row> all = {caption("a_7.jpg", "one"), caption("dog.jpg", "two")};
  OutputOptions options;
  options.format = Format::kCoco;
  options.coco_numbers = false;
  write_output(folder / "out", options, source(all));
  const Json rows = Json::parse(read_text(folder / "out"));
  EXPECT_EQ(rows[0]["image_id"], "a_7.jpg");
  EXPECT_EQ(rows[1]["image_id"], "dog.jpg");
}

TEST(Output, Sqlite) {
  io::TemporaryFolder folder;
  std::size_t next = 0;
  const std::vector<Row> all = rows();
  OutputOptions options;
  options.format = Format::kSqlite;
  write_output(folder / "out.db", options, [&](Row& row) {
    if (next == all.size()) return false;
    row = all[next++];
    return true;
  });
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "out.db").c_str(), &database), SQLITE_OK);
  sqlite3_stmt* query = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(database,
                               "SELECT count(*), sum(error_code IS NOT NULL), max(confidence), "
                               "max(typeof(image) = 'blob') FROM rows",
                               -1, &query, nullptr),
            SQLITE_OK);
  ASSERT_EQ(sqlite3_step(query), SQLITE_ROW);
  EXPECT_EQ(sqlite3_column_int(query, 0), 3);
  EXPECT_EQ(sqlite3_column_int(query, 1), 1);
  EXPECT_EQ(sqlite3_column_double(query, 2), 0.25);
  EXPECT_EQ(sqlite3_column_int(query, 3), 1);
  sqlite3_finalize(query);
  sqlite3_close(database);
}

TEST(Output, AFailureLeavesTheOldFile) {
  io::TemporaryFolder folder;
  write_text(folder / "out", "old");
  const auto broken = [](Row&) -> bool { fail(ErrorCode::kDataFormat, "gone"); };
  for (const Format format : {Format::kJsonl, Format::kSqlite}) {
    OutputOptions options;
    options.format = format;
    EXPECT_EQ(error_of([&] { write_output(folder / "out", options, broken); }).code(),
              ErrorCode::kDataFormat);
    EXPECT_EQ(read_text(folder / "out"), "old");
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST(Output, FormatsByName) {
  EXPECT_EQ(format_from_extension("a/b.csv"), Format::kCsv);
  EXPECT_EQ(format_from_extension("b.sqlite"), Format::kSqlite);
  EXPECT_EQ(format_from_extension("B.CSV"), Format::kCsv);
  EXPECT_EQ(format_from_extension("b"), Format::kJsonl);
  EXPECT_EQ(format_from_name("coco"), Format::kCoco);
  EXPECT_EQ(error_of([] { format_from_name("xml"); }).code(), ErrorCode::kUsage);
}

TEST(EnergyMeter, ReadsWholePackagesAndTheirOverflow) {
  io::TemporaryFolder folder;
  const auto zone = [&](const std::string& name, const std::string& energy) {
    fs::create_directories(folder / name);
    write_text(folder / (name + "/energy_uj"), energy);
    write_text(folder / (name + "/max_energy_range_uj"), "10000000");
  };
  zone("intel-rapl:0", "9000000");
  zone("intel-rapl:1", "1000000");
  zone("intel-rapl:0:0", "5");  // part of package 0
  zone("intel-rapl:2", "5");    // the whole board
  write_text(folder / "intel-rapl:2/name", "psys");
  EnergyMeter meter(10, folder.path());
  EXPECT_TRUE(meter.measured());
  EXPECT_NEAR(meter.joules(), 0, 1e-9);
  write_text(folder / "intel-rapl:0/energy_uj", "500000");  // 1.5 J on, behind the end
  write_text(folder / "intel-rapl:1/energy_uj", "3000000");
  write_text(folder / "intel-rapl:0:0/energy_uj", "900000");
  EXPECT_NEAR(meter.joules(), 3.5, 1e-9);
  EXPECT_NEAR(meter.joules(), 3.5, 1e-9);
}

TEST(EnergyMeter, EstimatesFromCpuTimeAndSaysSo) {
  EnergyMeter meter(7, "/nowhere");
  EXPECT_FALSE(meter.measured());
  volatile double work = 0;
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(30);
  while (std::chrono::steady_clock::now() < until) work = work + 1;
  EXPECT_GT(meter.joules(), 0);
  EXPECT_NE(meter.method().find("7 W"), std::string::npos);
  EXPECT_EQ(error_of([] { EnergyMeter bad(0); }).code(), ErrorCode::kUsage);
}

TEST(Progress, SaysWhatIsLeft) {
  RunStatus status;
  status.total = 500;
  status.done = 120;
  status.skipped = 20;
  status.seconds = 10;
  status.failed = 2;
  status.joules = 85;
  EXPECT_EQ(progress_text(status), "120 of 500 rows, 10.0 a second, 38 s left, 2 failed, 85 J");
}

}  // namespace
}  // namespace beholder::batch
