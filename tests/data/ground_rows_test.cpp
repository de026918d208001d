#include "data/ground_rows.hpp"

#include <gtest/gtest.h>

#include "core/file.hpp"
#include "data/readers.hpp"
#include "io/temporary_folder.hpp"
#include "support/text_files.hpp"

namespace beholder::data {
namespace {

TEST(GroundRows, AreReadWithTheirKind) {
  const io::TemporaryFolder folder;
  const auto file = folder / "rows.jsonl";
  write_file_atomic(file,
                    "{\"image\": \"a.png\", \"ground\": \"neither\", \"kind\": \"bar chart\"}\n"
                    "{\"image\": \"/b/c.png\", \"ground\": \"solids\"}\n");
  const auto rows = read_grounds_jsonl(file);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].image, folder / "a.png");
  EXPECT_STREQ(kGroundNames[rows[0].ground], "neither");
  EXPECT_EQ(rows[0].kind, "bar chart");
  EXPECT_EQ(rows[1].image, "/b/c.png");
  EXPECT_STREQ(kGroundNames[rows[1].ground], "solids");
  EXPECT_EQ(detect_jsonl_kind(file), JsonlKind::kGrounds);
}

TEST(GroundRows, OtherGroundsAreNamedWithTheirLine) {
  const io::TemporaryFolder folder;
  const auto file = folder / "rows.jsonl";
  write_file_atomic(file, "{\"image\": \"a.png\", \"ground\": \"scene\"}\n");
  const Error error = tests::error_of([&] { read_grounds_jsonl(file); });
  EXPECT_EQ(error.code(), ErrorCode::kDataFormat);
  EXPECT_NE(std::string(error.what()).find("rows.jsonl:1"), std::string::npos);
  EXPECT_NE(std::string(error.what()).find("scene"), std::string::npos);
}

}  // namespace
}  // namespace beholder::data
